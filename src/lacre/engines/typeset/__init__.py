"""What people see in PDFs: filled fields, record pages and the record, set by typst."""
