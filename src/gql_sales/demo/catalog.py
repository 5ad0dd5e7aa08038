"""What the demo company sells, where, to whom and at which tax: small, and like a real shop."""

CHANNELS = [("web", "Web shop", "WEB"), ("phone", "Telephone orders", "PHONE")]
WAREHOUSES = [("BER", "Berlin", "DE", 1), ("VIE", "Vienna", "AT", 2), ("PAR", "Paris", "FR", 3)]
TAX_RULES = [
    ("DE", "STANDARD", "0.19", "USt 19 %"),
    ("DE", "REDUCED", "0.07", "USt 7 %"),
    ("AT", "STANDARD", "0.2", "USt 20 %"),
    ("AT", "REDUCED", "0.1", "USt 10 %"),
    ("FR", "STANDARD", "0.2", "TVA 20 %"),
    ("FR", "REDUCED", "0.055", "TVA 5,5 %"),
]

_TEAS = [
    "Earl Grey",
    "Darjeeling",
    "Assam",
    "Sencha",
    "Jasmine",
    "Oolong",
    "Rooibos",
    "Peppermint",
    "Chamomile",
    "Chai",
]
_COFFEES = ["House Blend", "Ethiopia", "Colombia", "Guatemala", "Decaf", "Espresso"]
_POTS = ["Glass", "Porcelain", "Cast Iron", "Clay", "Steel", "Travel"]
_CUPS = ["Blue", "White", "Green", "Red", "Black", "Grey"]
_EXTRAS = ["Tea Strainer", "Scale", "Kettle", "Hand Mill", "Paper Filters", "Honey", "Cane Sugar", "Gift Box"]


def _code(prefix: str, name: str) -> str:
    return f"{prefix}-{name.upper().replace(' ', '-')}"


def products() -> list[dict[str, object]]:
    """Forty products: 36 goods, two deliveries, gift wrapping and a discount; prices in EUR without tax."""
    goods = [
        *[(_code("TEA", name), f"{name} tea, 100 g", f"{5 + i * 0.6:.2f}", "REDUCED") for i, name in enumerate(_TEAS)],
        *[(_code("COF", name), f"{name} coffee, 250 g", f"{8 + i:.2f}", "REDUCED") for i, name in enumerate(_COFFEES)],
        *[(_code("POT", name), f"{name} teapot", f"{24 + i * 5:.2f}", "STANDARD") for i, name in enumerate(_POTS)],
        *[(_code("CUP", name), f"{name} cup", f"{6 + i * 0.5:.2f}", "STANDARD") for i, name in enumerate(_CUPS)],
        *[(_code("EXT", name), name, f"{4 + i * 7:.2f}", "STANDARD") for i, name in enumerate(_EXTRAS)],
    ]
    rows: list[dict[str, object]] = [
        {"sku": sku, "name": name, "kind": "GOODS", "price": price, "taxGroup": group, "brand": "Leaf & Bean"}
        for sku, name, price, group in goods
    ]
    others = [
        ("DELIVERY", "Delivery", "DELIVERY", "4.90"),
        ("DELIVERY-EXPRESS", "Express delivery", "DELIVERY", "9.90"),
        ("GIFT-WRAP", "Gift wrapping", "SERVICE", "3.00"),
        ("WELCOME", "Welcome discount", "DISCOUNT", "-5.00"),
    ]
    rows += [
        {"sku": sku, "name": name, "kind": kind, "price": price, "taxGroup": "STANDARD", "isStocked": False}
        for sku, name, kind, price in others
    ]
    return rows


_PEOPLE = [
    ("Ada Byron", "Berlin", "10115", "DE"),
    ("Bela Kovács", "Wien", "1010", "AT"),
    ("Chloé Martin", "Paris", "75001", "FR"),
    ("David Klein", "Hamburg", "20095", "DE"),
    ("Emma Huber", "Graz", "8010", "AT"),
    ("François Petit", "Lyon", "69001", "FR"),
    ("Greta Vogel", "München", "80331", "DE"),
    ("Hugo Bernard", "Lille", "59000", "FR"),
    ("Ida Wagner", "Linz", "4020", "AT"),
    ("Jonas Weber", "Köln", "50667", "DE"),
]


def customers() -> list[dict[str, object]]:
    """Ten customers with an address each."""
    return [
        {
            "name": name,
            "email": f"{name.split()[0].lower().replace('ç', 'c').replace('é', 'e')}@example.com",
            "addresses": [
                {
                    "name": name,
                    "line1": f"Market Street {number}",
                    "city": city,
                    "postalCode": postal_code,
                    "countryCode": country,
                    "isDefaultShipping": True,
                    "isDefaultBilling": True,
                }
            ],
        }
        for number, (name, city, postal_code, country) in enumerate(_PEOPLE, start=1)
    ]


ORDERS = [
    ("draft", 0, [("TEA-EARL-GREY", 2), ("CUP-BLUE", 2), ("DELIVERY", 1)]),
    ("draft", 3, [("POT-GLASS", 1)]),
    ("placed", 1, [("TEA-SENCHA", 3), ("POT-CLAY", 1), ("DELIVERY", 1)]),
    ("placed", 2, [("COF-ETHIOPIA", 4)]),
    ("placed", 4, [("EXT-KETTLE", 1), ("WELCOME", 1), ("DELIVERY-EXPRESS", 1)]),
    ("allocated", 5, [("TEA-CHAI", 5), ("CUP-WHITE", 6)]),
    ("allocated", 6, [("POT-CAST-IRON", 1)]),
    ("booked", 7, [("COF-ESPRESSO", 2), ("EXT-HAND-MILL", 1)]),
    ("partly shipped", 8, [("TEA-ASSAM", 6), ("DELIVERY", 1)]),
    ("shipped", 9, [("TEA-OOLONG", 2), ("DELIVERY", 1)]),
    ("invoiced", 0, [("CUP-GREEN", 4), ("GIFT-WRAP", 1), ("DELIVERY", 1)]),
    ("partly paid", 2, [("POT-PORCELAIN", 2), ("DELIVERY", 1)]),
    ("paid", 3, [("COF-HOUSE-BLEND", 6), ("DELIVERY", 1)]),
    ("paid", 0, [("TEA-JASMINE", 1), ("EXT-HONEY", 2), ("DELIVERY", 1)]),
    ("cancelled", 5, [("EXT-SCALE", 1)]),
]
"""How far each demo order goes, which customer it is for, and what is ordered."""
