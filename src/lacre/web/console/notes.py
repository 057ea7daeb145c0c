"""What is said after something was done, or was not; in English, as the catalogues know it."""

from __future__ import annotations

WEBHOOKS_AGAIN = (
    "%(num)s webhook is on its way again.",
    "%(num)s webhooks are on their way again.",
)
BROUGHT = ("%(num)s document is being read.", "%(num)s documents are being read.")
PROCESSED_AGAIN = "The document is being read again."
EXTRACTION_DELETED = "The document was deleted."
EXTRACTION_CANCELED = "The document is no longer being read."
CORRECTED = "The value was corrected, and your systems are told."
SAMPLE_KEPT = "Its type is tried on this document from now on. It is kept for as long."
SAMPLE_DROPPED = "It is no longer a sample of its type."
TYPE_KEPT = "The type was saved. Documents are read by it from now on."
TYPE_RETIRED = "The type is no longer offered."
REGION_NOT_READ = "Write left, top, right and bottom in percent, with blanks between them: 0 0 100 50."
PAGE_NOT_READ = "Write the number of a page, or -1 for the last one."
TYPE_UNREADABLE = "This is not a type as JSON: look for a missing comma, quote or bracket."
NOBODY_LISTENS = "No webhook was sent: no system of yours listens to what happened to this document."
NOBODY_LISTENS_NOW = "No webhook was sent: no system of yours listens to this."
SEALED_AGAIN = (
    "%(num)s signed PDF is being made again.",
    "%(num)s signed PDFs are being made again.",
)
NOBODY_SIGNED = "Nobody has signed yet: there is no signed PDF to make again."
REMINDED = "A reminder goes to {0}."
REMINDER_KEPT = "The reminder to {0} was written and is kept below: this server sends no mail."
UNLOCKED = "{0} may try again."
READDRESSED = "The address was corrected. The link goes to {0}."
SENT_AGAIN = (
    "Sent again: %(num)s person is asked to sign.",
    "Sent again: %(num)s people are asked to sign.",
)
CANCELED = "The document was canceled. Its links work no longer."
REASON_MISSING = "Say why: the signers get to read it."
DAY_MISSING = "Choose a day from today on."

SENT = (
    "Sent: %(num)s person is asked to sign.",
    "Sent: %(num)s people are asked to sign.",
)
FILE_MISSING = "Choose at least one PDF."
TOO_MANY_FILES = "Choose at most 25 files."
SIGNER_MISSING = "Name at least one person who signs."
NAME_MISSING = "Write the name of each person who signs."
EMAIL_WRONG = "Write an e-mail address such as name@example.com."
EMAIL_FOR_CODE = "The code needs an address to go to: write one, or ask for no code."

TEMPLATE_CREATED = "The template is there. Say below how its form asks."
TEMPLATE_DELETED = "The template “{0}” was deleted."
FORM_CHANGED = "The form was changed."
DOCX_MISSING = "Choose a DOCX file."
OPTIONS_MISSING = "Write at least one option."

TRIED_NOW = "It goes out now."
TOLD_AGAIN = "A new delivery of the same event is on its way."

REPLAY_BEGUN = "It has begun. What it makes goes out after new webhooks."
REPLAY_RUNS = "The same is being reprocessed already: here it is."
REPLAY_STOPPED = "Stopped. What nobody had tried yet is taken back."
SPAN_UNREADABLE = "Choose again from when on."
NONE_CHOSEN = "Choose at least one delivery."
SENT_AGAIN_MANY = (
    "%(num)s delivery is on its way again.",
    "%(num)s deliveries are on their way again.",
)

LISTENS = "From now on this system is told."
TESTED = "The sample is on its way. What comes back is shown here."
PAUSED = "Paused. What happens meanwhile waits and is not lost."
RESUMED = "Resumed. What waited goes out now."
DELETED = "The webhook was deleted. Nothing more is sent to it."
FILL_IN = "Fill this in."
PROPERTY_WITHOUT_SIGN = "Write each property on its own line, as name=value."
TEMPLATE_UNKNOWN = "A template’s token looks like 0d3f5a3e-5c0b-4b0e-9a55-7d9b0c1e2f30."
HEADER_WITHOUT_COLON = "Write each header on its own line, as Name: value."
LISTENING_CHANGED = "The changes were kept. Events hold for what happens from now on."
RETRIES_CHANGED = "The retries were changed. They hold from the next attempt on."
NOT_A_NUMBER = "Write attempts, pause and seconds as whole numbers."
WAITS_NOT_READ = "Write each wait as a number and s, m, h or d, such as 10s 5m 2h 1d."
ADVANCED_CHANGED = "The changes were kept. They hold for what waits already, too."
RATE_NOT_READ = "Write how many, and in how many seconds, as whole numbers."
DIALECT_UNKNOWN = "Choose how your system expects to be told."

GROUP_KEPT = "The group is kept."
GROUP_DELETED = "The group was deleted."
COMPANY_CREATED = "The company was created. Add a document type with its certificate."
COMPANY_CHANGED = "The company was changed. It holds for invoices from now on."
NEXT_NUMBER_PASSED = "Notes of this series are further on already: write a higher number, or leave it empty."
NEXT_NUMBER_WRONG = "Write the number in digits alone, or leave it empty."
SCHEMA_CREATED = "The document type was created: invoices can be issued with it."
CERTIFICATE_KEPT = "The certificate was kept, encrypted. It signs from now on."
INVOICE_ORDERED = "The invoice is on its way to the tax office."
CANCEL_ASKED = "The tax office is asked to cancel the invoice."
CANCELLATION_UNEXPLAINED = "Say in 15 to 255 characters why the invoice is canceled."
REPLACEMENT_UNEXPLAINED = "Say in 15 to 255 characters why it is replaced."
TRIED_AGAIN = "It is tried again, with the same number."
FIELD_MISSING = "Fill this in."
TAX_ID_WRONG = "Write a valid CPF or CNPJ."
AMOUNT_WRONG = "Write an amount such as 1.234,56."
COUNTRY_WRONG = "Write the two letters of a country (ISO 3166-1), such as US."
BRAZIL_IS_NOT_ABROAD = "Brazil is not abroad."
REGISTERED_AND_ABROAD = (
    "Who is abroad has no CPF or CNPJ here: leave this empty, or what is said under “Customer abroad”."
)
HOME_AND_ABROAD = "The address is in Brazil or abroad: leave one of the two empty."
NUMBER_AND_REASON = "Say the number, or why there is none: not both."
SERVICE_CODE_WRONG = "Write the national service code (cTribNac): six digits."
"""As the engine says it of a note."""
NEITHER_NUMBER_NOR_REASON = "Say the number, or why there is none."
NUMBER_UNKNOWN = "Write the CPF or CNPJ, or of one abroad the foreign number or why there is none."
REGISTERED_AND_FOREIGN = "Write the CPF or CNPJ, or what is asked of who is abroad: not both."
CITY_AND_COUNTRY = "In Brazil say the municipality, abroad the city, the region and the country: not both."
CITY_CODE_WRONG = "Write the IBGE code of the municipality: seven digits."

KEY_REVOKED = "The key was revoked. Whoever uses it is turned away from now on."
KEY_OVER = "This key was renewed or revoked already. Nothing was changed."

WRONG_PASSWORD = "This e-mail and this password don't go together. Check both."  # noqa: S105 - a sentence
TOO_MANY_TRIES = "Too many tries. Wait a quarter of an hour, or ask for a new one-time link."
LINK_OVER = "This link was used already or has ended. Ask whoever runs Lacre for a new one."
PASSWORDS_DIFFER = "The two passwords differ. Type the same one twice."

ALL = tuple(value for name, value in dict(globals()).items() if name.isupper())
