"""Reads pictures of text with the models that ship in RapidOCR's wheel, run by OpenVINO."""
