"""From raw sources to a released model. Serving never imports this package."""
