"""The description of the public JSON (OpenAPI 3.1): its shapes, its addresses, its page."""
