"""`python -m bench.ocr`: how well the NIK on a card is read, on rendered cards of invented people."""
