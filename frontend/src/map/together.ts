/** Maps that look at the same place: who moves one moves all. */

import type { Map as MapLibre } from "maplibre-gl";

export class Together {
  private readonly maps = new Set<MapLibre>();
  private isLed = false;

  /** It looks where the others do; ends with the answer. */
  join(map: MapLibre): () => void {
    const [first] = this.maps;
    if (first) follow(map, first);
    this.maps.add(map);
    const moved = () => {
      if (this.isLed) return;
      this.isLed = true;
      for (const other of this.maps) if (other !== map) follow(other, map);
      this.isLed = false;
    };
    map.on("move", moved);
    return () => {
      map.off("move", moved);
      this.maps.delete(map);
    };
  }
}

function follow(map: MapLibre, leader: MapLibre): void {
  map.jumpTo({ center: leader.getCenter(), zoom: leader.getZoom() });
}
