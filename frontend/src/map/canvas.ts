/** The day on the map: its marks and routes over the ground, and what lies under the pointer. */

import type { Feature } from "geojson";
import type { GeoJSONSource, MapGeoJSONFeature, Map as MapLibre, PointLike } from "maplibre-gl";
import { ENDINGS } from "../planning/marks.ts";
import { STATUS_ICONS } from "../shared/statuses.ts";
import { type Colours, readColours } from "./colours.ts";
import { picture } from "./discs.ts";
import { type Shapes, subjectOf } from "./features.ts";
import { type Glyphs, readGlyphs } from "./glyphs.ts";
import {
  ALL_MARKS,
  ALL_ROUTES,
  ALL_WORDS,
  APART,
  BASES,
  CROWDS,
  dayLayers,
  daySources,
  FAINT,
  FAINT_MARK,
  LINES,
  LOOKED,
  MARKS,
  PEOPLE,
} from "./layers.ts";
import { fontOf, lettered } from "./letters.ts";
import { type Camera, type How, newMap } from "./library.ts";
import type { Place } from "./types.ts";

const ICONS = [
  ...new Set(Object.values(STATUS_ICONS)),
  ...Object.values(ENDINGS).map(({ icon }) => icon),
  ...["chevrons-up", "chevron-up", "point"],
];
const REACH = 4;
/** What a panel covers of a map: its right, or of a narrow one its lower part. */
const PANEL = 336;
const NARROW = 420;
const NEAR_ENOUGH = 9;

/** What lies under a point of the screen. */
export interface Under {
  /** Of a mark. */
  key: string;
  /** Of a mark, a line, or somebody's last place. */
  technician: string;
}

export class Canvas {
  private shown: Shapes | null = null;

  private constructor(
    readonly map: MapLibre,
    private readonly glyphs: Glyphs,
    private readonly colours: Colours,
  ) {}

  static async open(element: HTMLElement, how: How): Promise<Canvas> {
    const colours = readColours();
    const [glyphs, map] = await Promise.all([readGlyphs(ICONS), newMap(element, how, colours)]);
    const canvas = new Canvas(map, glyphs, colours);
    map.setMissingStyleImageResolver((name) => canvas.draw(name));
    for (const [name, source] of Object.entries(daySources())) map.addSource(name, source);
    const font = fontOf(map.getStyle());
    for (const layer of dayLayers(colours)) map.addLayer(lettered(layer, font));
    return canvas;
  }

  private draw(name: string): void {
    if (!name.includes("|") || this.map.hasImage(name)) return;
    this.map.addImage(name, picture(name, this.colours, this.glyphs), { pixelRatio: 2 });
  }

  show(shapes: Shapes): void {
    this.shown = shapes;
    for (const name of ["marks", "legs", "words", "bases", "people"] as const) {
      this.map.getSource<GeoJSONSource>(name)?.setData(shapes[name]);
    }
  }

  /** The routes that are compared with, below. */
  compare(legs: Shapes["legs"]): void {
    this.map.getSource<GeoJSONSource>("other")?.setData(legs);
  }

  /** Shows which marks are looked at, and whose route: drawn once more above, so that nothing of
   * the day is reckoned anew while the pointer goes over it. */
  point(keys: string[], technician: string): void {
    const { map } = this;
    const shapes = this.shown;
    if (!shapes) return;
    const set = (name: string, features: Feature[]) =>
      map.getSource<GeoJSONSource>(name)?.setData({ type: "FeatureCollection", features });
    const is = ({ properties }: Feature) => technician && properties?.technician === technician;
    const subjects = keys.map(subjectOf);
    const marks = shapes.marks.features
      .map((one) => ({ one, ringed: subjects.includes(subjectOf(one.properties?.key ?? "")) }))
      .filter(({ one, ringed }) => ringed || is(one))
      .map(({ one, ringed }) => ({ ...one, properties: { ...one.properties, ringed } }));
    set("looked", marks);
    set("looked-legs", shapes.legs.features.filter(is));
    set("looked-words", shapes.words.features.filter(is));
    for (const line of ALL_ROUTES) {
      map.setPaintProperty(line, "line-opacity", technician ? FAINT : 1);
    }
    for (const layer of ALL_MARKS) {
      map.setPaintProperty(layer, "icon-opacity", technician ? FAINT_MARK : 1);
    }
    for (const part of ["circle-opacity", "circle-stroke-opacity"] as const) {
      map.setPaintProperty(BASES, part, technician ? FAINT_MARK : 1);
    }
    map.setLayoutProperty(ALL_WORDS, "visibility", technician ? "none" : "visible");
  }

  under(at: { x: number; y: number }): Under | null {
    const box: [PointLike, PointLike] = [
      [at.x - REACH, at.y - REACH],
      [at.x + REACH, at.y + REACH],
    ];
    const found = (layers: string[]) => this.map.queryRenderedFeatures(box, { layers })[0];
    const mark = found([LOOKED]) ?? found([MARKS]);
    const other = mark ?? found([PEOPLE]) ?? found(LINES);
    if (!other) return null;
    const { key = "", technician = "" } = other.properties as Partial<Under>;
    return { key, technician };
  }

  /** Opens a crowd under the point; false: there is none. */
  openCrowd(at: { x: number; y: number }): boolean {
    const [crowd] = this.map.queryRenderedFeatures([at.x, at.y], { layers: [CROWDS] });
    if (!crowd) return false;
    void this.enter(crowd);
    return true;
  }

  private async enter(crowd: MapGeoJSONFeature): Promise<void> {
    const source = this.map.getSource<GeoJSONSource>("marks");
    const zoom = await source?.getClusterExpansionZoom(crowd.properties.cluster_id as number);
    if (zoom === undefined || crowd.geometry.type !== "Point") return;
    this.map.easeTo({
      center: crowd.geometry.coordinates as Place,
      zoom: Math.min(zoom, APART) + 0.3,
    });
  }

  /** Brings a place into the free part of the window: beside the panel, or above it. */
  goTo(place: Place): void {
    const { map } = this;
    const { x, y } = map.project(place);
    const { clientWidth: width, clientHeight: height } = map.getContainer();
    const isNarrow = width < NARROW;
    const free = isNarrow ? { width, height: height * 0.38 } : { width: width - PANEL, height };
    const margin = 60;
    const isIn = x > margin && y > margin && x < free.width - margin && y < free.height - margin;
    if (isIn && map.getZoom() >= NEAR_ENOUGH) return;
    map.easeTo({
      center: place,
      zoom: Math.max(map.getZoom(), NEAR_ENOUGH),
      offset: [(free.width - width) / 2, (free.height - height) / 2],
    });
  }

  /** Brings all of it into the part of the window that no panel covers. */
  fit(box: [Place, Place], isCovered: boolean): void {
    this.map.resize(); // what has just become narrower or wider
    const small = this.map.getContainer().clientWidth < NARROW;
    const padding = small
      ? 40
      : { top: 50, bottom: 70, left: 50, right: isCovered ? 50 + PANEL : 50 };
    this.map.fitBounds(box, { padding, maxZoom: 12, animate: false });
  }

  get camera(): Camera {
    const { lng, lat } = this.map.getCenter();
    return { center: [lng, lat], zoom: this.map.getZoom() };
  }

  close(): void {
    this.map.remove();
  }
}
