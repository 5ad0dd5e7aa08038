"""What each list offers: its filters, its sorts, and where free text is looked for."""
