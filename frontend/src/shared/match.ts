/** Marks in a found text what was typed: Lemair in "Boulangerie Lemaire", é found by e. */

export interface Piece {
  text: string;
  hit: boolean;
}

/** Lower-case without accents, keeping one character for each so that places stay the same. */
export function fold(text: string): string {
  return [...text]
    .map((letter) => {
      const plain = letter.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
      return plain.length === letter.length ? plain : letter.toLowerCase();
    })
    .join("");
}

/** The text cut into pieces, those that match a word of the query marked. */
export function pieces(text: string, query: string): Piece[] {
  const folded = fold(text);
  const hits = new Array<boolean>(text.length).fill(false);
  for (const word of fold(query).split(/\s+/).filter(Boolean)) {
    for (let at = folded.indexOf(word); at >= 0; at = folded.indexOf(word, at + word.length)) {
      hits.fill(true, at, at + word.length);
    }
  }
  const found: Piece[] = [];
  for (let at = 0; at < text.length; at++) {
    const last = found.at(-1);
    const hit = hits[at] ?? false;
    if (last && last.hit === hit) last.text += text[at];
    else found.push({ text: text[at] ?? "", hit });
  }
  return found;
}
