"""Carrying out an approved plan: create the SR once, and check that every host sees it."""
