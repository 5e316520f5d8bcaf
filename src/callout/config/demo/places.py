"""Towns of central Belgium with their positions (GeoNames, CC-BY 4.0), and street names."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Town:
    name: str
    postcode: str
    latitude: float
    longitude: float
    language: str


TOWNS = [
    Town("Wavre", "1300", 50.7172, 4.6014, "fr"),
    Town("Ottignies", "1340", 50.6657, 4.5679, "fr"),
    Town("Nivelles", "1400", 50.5978, 4.3285, "fr"),
    Town("Waterloo", "1410", 50.7147, 4.3991, "fr"),
    Town("Braine-l'Alleud", "1420", 50.6837, 4.3681, "fr"),
    Town("Gembloux", "5030", 50.5614, 4.6989, "fr"),
    Town("Namur", "5000", 50.4669, 4.8675, "fr"),
    Town("Charleroi", "6000", 50.4114, 4.4448, "fr"),
    Town("Ixelles", "1050", 50.8333, 4.3667, "fr"),
    Town("Uccle", "1180", 50.8000, 4.3333, "fr"),
    Town("Bruxelles", "1000", 50.8505, 4.3488, "fr"),
    Town("Tubize", "1480", 50.6931, 4.2047, "fr"),
    Town("Jodoigne", "1370", 50.7236, 4.8692, "fr"),
    Town("Rixensart", "1330", 50.7126, 4.5336, "fr"),
    Town("Leuven", "3000", 50.8796, 4.7009, "nl"),
    Town("Mechelen", "2800", 51.0259, 4.4776, "nl"),
    Town("Antwerpen", "2000", 51.2205, 4.4003, "nl"),
    Town("Aalst", "9300", 50.9360, 4.0355, "nl"),
    Town("Dendermonde", "9200", 51.0287, 4.1011, "nl"),
    Town("Vilvoorde", "1800", 50.9281, 4.4294, "nl"),
    Town("Zaventem", "1930", 50.8846, 4.4730, "nl"),
    Town("Halle", "1500", 50.7338, 4.2350, "nl"),
    Town("Tienen", "3300", 50.8074, 4.9378, "nl"),
    Town("Aarschot", "3200", 50.9867, 4.8316, "nl"),
    Town("Lier", "2500", 51.1313, 4.5704, "nl"),
    Town("Boom", "2850", 51.0924, 4.3717, "nl"),
    Town("Willebroek", "2830", 51.0604, 4.3602, "nl"),
    Town("Overijse", "3090", 50.7744, 4.5346, "nl"),
    Town("Herentals", "2200", 51.1766, 4.8325, "nl"),
    Town("Sint-Niklaas", "9100", 51.1651, 4.1437, "nl"),
]
AREAS = {
    "Brussels and around": "1000-1299, 1500-1999, 3090",
    "Walloon Brabant": "1300-1499",
    "Flanders": "2000-2999, 3000-3089, 31*, 32*, 33*, 34*, 35*, 36*, 37*, 38*, 39*, 8000-9999",
    "Namur and Hainaut": "5*, 6*, 7*",
}
BY_NAME = {town.name: town for town in TOWNS}
STREETS = {
    "fr": [
        "Chaussée de Louvain", "Rue du Pont du Christ", "Avenue des Combattants", "Grand-Place",
        "Rue de la Station", "Rue des Écoles", "Avenue Reine Astrid", "Rue du Moulin",
        "Chaussée de Bruxelles", "Place de l'Église", "Rue Neuve", "Allée des Tilleuls",
    ],
    "nl": [
        "Kerkstraat", "Stationsstraat", "Molenweg", "Kaaiweg", "Grote Markt", "Schoolstraat",
        "Brusselsesteenweg", "Lange Nieuwstraat", "Veldstraat", "Schaapstraat", "Dorpsplein",
        "Industrielaan",
    ],
}  # fmt: skip
