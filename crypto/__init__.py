"""Bytes and keys; imports nothing of Qasid."""
