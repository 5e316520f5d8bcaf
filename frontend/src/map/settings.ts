/** What the page knows before it asks. */

import type { Settings as Plain } from "../planning/settings.ts";

export interface Settings extends Plain {
  day: string;
  /** The filters of the address by the API's names. */
  query: Record<string, string>;
  /** Where the map begins on a day with nothing to show. */
  camera: { center: [number, number]; zoom: number };
  /** The operator's own style of map; "" is the bundled ground. */
  style: string;
  /** The page of a site, with "{id}". */
  site: string;
  /** The list of all doubtful positions. */
  positions: string;
}
