/** Stands for the built basemap, which takes seconds to make. */
export const SIDE = 10;
export const world = "00000000";
export const squares: Record<string, string> = { "18_14": "11111111", "18_13": "22222222" };
