"""Standing agreements (包括了承, rule L12): a series of days, or an allowance without dates."""
