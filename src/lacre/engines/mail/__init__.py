"""Letters as mails: their words, their looks, and the way out by SMTP."""
