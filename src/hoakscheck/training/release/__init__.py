"""From a fitted pipeline to a released model: tables, record and card; what a candidate changes, and whether it may."""
