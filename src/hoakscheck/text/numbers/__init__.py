"""What numbers mean: ballot numbers, money, and the days and hours of voting."""
