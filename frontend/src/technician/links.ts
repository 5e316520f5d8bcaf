/** Addresses that other apps of the phone open. */

import type { VisitDoc } from "./core/types.ts";

/** Navigation in the phone's own app. Safari knows no geo: and opens Apple's maps by their address. */
export function mapLink(site: VisitDoc["site"], platform: "ios" | "other"): string {
  const { latitude, longitude, address, name } = site;
  const query = encodeURIComponent(address);
  const point =
    latitude === null || longitude === null ? "" : `${latitude.toFixed(6)},${longitude.toFixed(6)}`;
  if (!point && !query) return "";
  if (platform === "ios") {
    return `https://maps.apple.com/?daddr=${point || query}&q=${encodeURIComponent(name)}`;
  }
  return point ? `geo:${point}?q=${point}(${encodeURIComponent(name)})` : `geo:0,0?q=${query}`;
}

export function platformOf(agent: Navigator): "ios" | "other" {
  const isTablet = agent.platform === "MacIntel" && agent.maxTouchPoints > 1;
  return /iPhone|iPad|iPod/.test(agent.userAgent) || isTablet ? "ios" : "other";
}
