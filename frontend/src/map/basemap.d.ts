/** What build/basemap.ts puts in place of this: the hash of each file. */
declare module "virtual:basemap" {
  /** Degrees of a square's side. */
  export const SIDE: number;
  export const world: string;
  export const squares: Record<string, string>;
}

/** The address of a file that the build gives its name. */
declare module "*?url" {
  const address: string;
  export default address;
}
