"""Some of the invoices as they go over Peppol: UBL 2.1, BIS Billing 3."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from random import Random
from xml.etree.ElementTree import Element, SubElement, indent, register_namespace, tostring

from stdnum import luhn

from ingest.sample.company import BANKGIRO, CURRENCY, LEGAL_NAME, NAME, ORGANISATION_NUMBER
from ingest.sample.compressed import write_compressed
from ingest.sample.customers import Customer
from ingest.sample.register import DAYS_TO_PAY, Bill
from models.values import InvoiceLine

UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
INVOICE, CAC, CBC = f"{UBL}Invoice-2", f"{UBL}CommonAggregateComponents-2", f"{UBL}CommonBasicComponents-2"
CUSTOMIZATION = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
PROFILE = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
UNITS = {"kWh": "KWH", "mån": "MON", "st": "C62"}  # UN/ECE Recommendation 20
SWEDISH_ORGANISATION = "0007"  # ISO 6523
COUNT = 300


def write_ubl(bills: Sequence[Bill], folder: Path) -> None:
    """``COUNT`` invoices to businesses; each stands in the register too."""
    for prefix, namespace in (("", INVOICE), ("cac", CAC), ("cbc", CBC)):
        register_namespace(prefix, namespace)
    business = [bill for bill in bills if bill.customer.segment == "business"]
    chosen = sorted(Random("ubl").sample(business, COUNT), key=lambda bill: bill.number)
    for bill in chosen:
        write_compressed(folder / f"{bill.number}.xml.gz", ubl(bill))


def ubl(bill: Bill) -> str:
    root = Element(f"{{{INVOICE}}}Invoice")
    _leaves(root, CustomizationID=CUSTOMIZATION, ProfileID=PROFILE, ID=bill.number, IssueDate=bill.issued_on)
    _leaves(root, DueDate=bill.due_on, InvoiceTypeCode=380, DocumentCurrencyCode=CURRENCY)
    _leaves(root, BuyerReference=f"K{bill.customer.number}")
    _leaves(_group(root, "InvoicePeriod"), StartDate=bill.period_start, EndDate=bill.period_end)
    _leaves(_group(root, "ContractDocumentReference"), ID=f"AVT-{bill.customer.number}")
    _supplier(_group(root, "AccountingSupplierParty", "Party"))
    _buyer(_group(root, "AccountingCustomerParty", "Party"), bill.customer)
    means = _group(root, "PaymentMeans")
    _leaves(means, PaymentMeansCode=30, PaymentID=bill.reference)
    account = _group(means, "PayeeFinancialAccount")
    _leaves(account, ID=BANKGIRO.replace("-", ""))
    _leaves(_group(account, "FinancialInstitutionBranch"), ID="SE:BANKGIRO")
    _leaves(_group(root, "PaymentTerms"), Note=f"Betalas inom {DAYS_TO_PAY} dagar. Dröjsmålsränta enligt räntelagen.")
    _tax(root, bill)
    total = _group(root, "LegalMonetaryTotal")
    _amounts(total, LineExtensionAmount=bill.net, TaxExclusiveAmount=bill.net)
    _amounts(total, TaxInclusiveAmount=bill.amount, PayableAmount=bill.amount)
    for number, line in enumerate(bill.lines, start=1):
        _line(_group(root, "InvoiceLine"), number, line)
    indent(root, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _supplier(party: Element) -> None:
    _leaves(party, EndpointID=ORGANISATION_NUMBER).set("schemeID", SWEDISH_ORGANISATION)
    _leaves(_group(party, "PartyName"), Name=NAME)
    _address(party, "Kvarnbacken 4", "Älvstad", "999 10")
    _tax_scheme(party, f"SE{ORGANISATION_NUMBER}01", "VAT")
    _tax_scheme(party, "Godkänd för F-skatt", "TAX")  # Peppol rule SE-R-005
    legal = _group(party, "PartyLegalEntity")
    _leaves(legal, RegistrationName=LEGAL_NAME)
    _leaves(legal, CompanyID=ORGANISATION_NUMBER).set("schemeID", SWEDISH_ORGANISATION)


def _buyer(party: Element, customer: Customer) -> None:
    body = "55999" + customer.number[-5:-1]
    organisation = body + luhn.calc_check_digit(body)
    name = f"Provbolaget {customer.number[-4:]} AB"
    _leaves(party, EndpointID=organisation).set("schemeID", SWEDISH_ORGANISATION)
    _leaves(_group(party, "PartyIdentification"), ID=customer.number)
    _leaves(_group(party, "PartyName"), Name=name)
    _address(party, f"Provgatan {int(customer.number[-3:]) % 80 + 1}", "Älvstad", "999 34")
    legal = _group(party, "PartyLegalEntity")
    _leaves(legal, RegistrationName=name)
    _leaves(legal, CompanyID=organisation).set("schemeID", SWEDISH_ORGANISATION)


def _address(party: Element, street: str, city: str, postcode: str) -> None:
    address = _group(party, "PostalAddress")
    _leaves(address, StreetName=street, CityName=city, PostalZone=postcode)
    _leaves(_group(address, "Country"), IdentificationCode="SE")


def _tax_scheme(party: Element, identity: str, scheme: str) -> None:
    group = _group(party, "PartyTaxScheme")
    _leaves(group, CompanyID=identity)
    _leaves(_group(group, "TaxScheme"), ID=scheme)


def _tax(root: Element, bill: Bill) -> None:
    total = _group(root, "TaxTotal")
    _amounts(total, TaxAmount=bill.vat)
    part = _group(total, "TaxSubtotal")
    _amounts(part, TaxableAmount=bill.net, TaxAmount=bill.vat)
    _category(_group(part, "TaxCategory"))


def _category(category: Element) -> None:
    _leaves(category, ID="S", Percent=25)
    _leaves(_group(category, "TaxScheme"), ID="VAT")


def _line(row: Element, number: int, line: InvoiceLine) -> None:
    """A price must not be negative (BR-27): a discount is so many units less."""
    price, quantity = line.unit_price or line.amount, line.quantity or 1
    _leaves(row, ID=number)
    unit = UNITS[line.unit or "st"]
    _leaves(row, InvoicedQuantity=-quantity if price < 0 else quantity).set("unitCode", unit)
    _amounts(row, LineExtensionAmount=line.amount)
    item = _group(row, "Item")
    _leaves(item, Name=line.name)
    _category(_group(item, "ClassifiedTaxCategory"))
    _amounts(_group(row, "Price"), PriceAmount=abs(price))


def _group(parent: Element, *path: str) -> Element:
    for name in path:
        parent = SubElement(parent, f"{{{CAC}}}{name}")
    return parent


def _leaves(parent: Element, **texts: object) -> Element:
    """Add the leaves in order; the last one is returned for its attribute."""
    leaf = parent
    for name, text in texts.items():
        leaf = SubElement(parent, f"{{{CBC}}}{name}")
        leaf.text = str(text)
    return leaf


def _amounts(parent: Element, **amounts: object) -> None:
    for name, amount in amounts.items():
        _leaves(parent, **{name: amount}).set("currencyID", CURRENCY)
