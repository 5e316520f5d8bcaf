"""Whom the demo company works for: 60 customers with 110 sites and 160 assets."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Client:
    """`sites` is how many; `kinds` the trades of its equipment; `note` is shown everywhere."""

    name: str
    town: str
    kinds: str
    sites: int = 1
    person: bool = False
    note: str = ""
    payer: str = ""
    twin: str = ""  # an earlier client, whose phone this one has too


# Letters of `kinds`: b boiler, c cooling, l lift, v ventilation, f fire alarm, g generator.
CLIENTS = [
    Client("Brouwerij Het Ankerhuis", "Boom", "cc", 2),
    Client("Boulangerie Lemaire", "Wavre", "bc", 3),
    Client("Transports Lemaire & Fils", "Gembloux", "bg", 1),
    Client("Anne-Sophie Lemaire", "Nivelles", "b", 1, person=True),
    Client("Residentie De Linde", "Mechelen", "llb", 2, note="Always ring the concierge first."),
    Client("Apotheek Willems", "Aarschot", "c"),
    Client("Immo Castel – Résidence Cambre", "Ixelles", "blv", 5, payer="Gestim Syndics SA"),
    Client("Northgate Coworking", "Zaventem", "vc", 2),
    Client("Het Nestje vzw", "Tienen", "b", 1, note="Nursery: no work in the room at nap time."),
    Client("Hôtel Les Tilleuls", "Waterloo", "lbcv", 1),
    Client("Rusthuis Avondzon", "Dendermonde", "gflb", 2, note="Report at the reception."),
    Client("École Les Érables", "Nivelles", "bbf", 3),
    Client("Harbour Offices NV", "Antwerpen", "vlf", 3),
    Client("VME Zilverhof", "Leuven", "lb", 2, payer="Gestim Syndics SA"),
    Client("Bakkerij Goossens", "Leuven", "bc", 2),
    Client("Pâtisserie Colson", "Ottignies", "cc", 1),
    Client("Kantoor Segers & Zn", "Lier", "v"),
    Client("Frigopark Zaventem", "Zaventem", "cccg", 2, note="Hard hat and badge at gate 2."),
    Client("Résidence du Parc", "Gembloux", "blf", 3, payer="Gestim Syndics SA"),
    Client("Sporthal De Wissel", "Herentals", "bv", 1),
    Client("Café 't Scheldeken", "Dendermonde", "c"),
    Client(
        "Association des copropriétaires de la Résidence Les Jardins du Bois-Seigneur-Isaac",
        "Braine-l'Alleud",
        "bvc",
        5,
    ),
    Client("Textielhuis Baert", "Dendermonde", "f", 1),
    Client("Clinique Sainte-Aldegonde", "Halle", "gflvc", 3, note="Urgencies: dial 4 for staff."),
    Client("Delvaux Logistics", "Willebroek", "cfg", 3),
    Client("Kinderdagverblijf 't Mezennest", "Vilvoorde", "bv", 1),
    Client("Gestim Syndics SA", "Bruxelles", "", 1),
    Client("Commune de Rixensart", "Rixensart", "bbfv", 5),
    Client("Garage Moderne Dupont", "Charleroi", "b", 2),
    Client("Pharmacie de la Dyle", "Wavre", "c", 1),
    Client("Restaurant La Source", "Namur", "cv", 1),
    Client("Librairie Graffiti", "Waterloo", "v", 1),
    Client("Familie Van den Broeck-Janssens", "Mechelen", "b", 1, person=True),
    Client("Jean-Baptiste Vanderlinden", "Uccle", "b", 1, person=True, note="Only after 16:00."),
    Client("Marie-Christine Vanden Eynde-de Kerchove d'Exaerde", "Jodoigne", "b", 1, person=True),
    Client("Johan Verstraete", "Aalst", "b", 1, person=True),
    Client("Fatima Bouazza", "Bruxelles", "b", 1, person=True),
    Client("Kristof Maes", "Lier", "b", 1, person=True),
    Client("Sophie Renard", "Tubize", "b", 1, person=True),
    Client("Els Wauters", "Sint-Niklaas", "b", 1, person=True),
    Client("Carrefour Market Jodoigne", "Jodoigne", "ccv", 1),
    Client("Zwembad Nekker", "Mechelen", "bvv", 1),
    Client("Abbaye de la Cambre asbl", "Ixelles", "bf", 2),
    Client("Imprimerie Snel", "Tubize", "vg", 1),
    Client("Serristenbond Hoogstraten", "Herentals", "b" * 12 + "g", 3),
    Client("Cinéma Central", "Namur", "vlf", 1),
    Client("Drukkerij Lannoo-Peeters", "Aalst", "vf", 2),
    Client("Kasteel van Gaasbeek beheer", "Halle", "bf", 2),
    Client("Maison Médicale du Centre", "Charleroi", "bv", 1),
    Client("Visveiling Sint-Niklaas", "Sint-Niklaas", "ccg", 1),
    Client("Data Center Brabant", "Vilvoorde", "cccggf", 2, note="Two people on site, always."),
    Client("Auberge de Jeunesse Gîtes & Co", "Namur", "blf", 1),
    Client("Boucherie Maurage", "Tubize", "c", 1),
    Client("Immobiliën De Kroon", "Antwerpen", "llbf", 6),
    Client("Stadsbestuur Tienen", "Tienen", "bbvf", 6),
    Client("Laboratoires Hélix", "Ottignies", "cvg", 2, note="Clean room: ask for Mrs Pirard."),
    Client("Fromagerie du Gros-Chêne", "Gembloux", "cc", 1),
    Client("Optiek Beeckmans", "Overijse", "v", 1),
    Client("Wasserij De Witte Zwaan", "Aarschot", "bv", 2),
    Client("Boulangerie Lemair", "Wavre", "b", 1, twin="Boulangerie Lemaire"),
]
EQUIPMENT = {
    "b": ("Gas boiler", "CH", [("Vaillant", "ecoTEC plus"), ("Viessmann", "Vitodens 200")]),
    "c": ("Cold room", "KG", [("Reftec", "RX 45"), ("Daikin", "Zeas 3")]),
    "l": ("Lift", "L", [("Kone", "MonoSpace"), ("Schindler", "3300")]),
    "v": ("Ventilation unit", "AHU", [("Swegon", "Gold RX"), ("Systemair", "Geniox 12")]),
    "f": ("Fire alarm panel", "FA", [("Siemens", "Cerberus FIT"), ("Bosch", "FPA-1200")]),
    "g": ("Generator", "GEN", [("SDMO", "J130"), ("Caterpillar", "C4.4")]),
}
SKILL = {
    "b": "Gas G1",
    "c": "Refrigeration",
    "l": "Lifts",
    "v": "Ventilation",
    "f": "Fire safety",
    "g": "Electricity",
}
FAULTS = {
    "fr": {
        "b": ["Chaudière en défaut F28, plus d'eau chaude", "Fuite au groupe de sécurité, sous-sol",
              "Entretien annuel, chaudière 90 kW", "Remplacement vase d'expansion 35 L"],
        "c": ["Chambre froide à +9 °C, sonde à vérifier", "Condenseur encrassé, haute pression",
              "Contrôle trimestriel du groupe froid", "Givre sur l'évaporateur"],
        "l": ["Ascenseur de service bloqué au 2e étage", "Porte palière ne ferme plus, 3e étage",
              "Entretien mensuel de l'ascenseur"],
        "v": ["Vérification CO et aération", "Filtres du groupe d'air à remplacer",
              "Bruit anormal au ventilateur d'extraction"],
        "f": ["Détecteur boucle 2 en dérangement", "Contrôle annuel de la détection incendie"],
        "g": ["Groupe électrogène ne démarre pas", "Contrôle trimestriel groupe électrogène"],
        "": ["Visite sur place demandée"],
    },
    "nl": {
        "b": ["Warmtepomp foutcode H62, geen druk", "Circulatiepomp vervangen, kring B",
              "Jaarlijks onderhoud ketel", "Ketel valt uit bij hoog debiet"],
        "c": ["Koelkast vaccins geeft alarm boven 8 °C", "Koelcel 3 haalt 4 °C niet meer",
              "Compressor schakelt af op hoge druk", "Halfjaarlijks onderhoud koelgroep"],
        "l": ["Lift stopt 4 cm onder verdieping 3", "Liftdeur blijft open staan",
              "Maandelijks onderhoud lift"],
        "v": ["Filters luchtgroep vervangen", "Luchtgroep rammelt boven bureau 40",
              "Ovenafzuiging trilt, lager vervangen"],
        "f": ["Rookmelder lus 2 geeft storing", "Jaarlijkse keuring brandcentrale"],
        "g": ["Noodgenerator start niet automatisch", "Belastingstest noodgroep"],
        "": ["Plaatsbezoek gevraagd"],
    },
}  # fmt: skip
