/**
 * Seeded chance: the same seed gives the same run on every machine. The generator is sfc32, small, quick
 * and good enough for simulation.
 * @see https://pracrand.sourceforge.net/RNG_engines.txt
 */
export class Chance {
  #a: number;
  #b: number;
  #c: number;
  #count = 1;

  constructor(seed: number, label = '') {
    this.#a = seed | 0;
    this.#b = hash32(label);
    this.#c = (seed / 4_294_967_296) | 0;
    for (let i = 0; i < 12; i += 1) this.next();
  }

  /** In [0, 1). */
  next(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#count) | 0;
    this.#count = (this.#count + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum;
    return (sum >>> 0) / 4_294_967_296;
  }

  /** A number in [low, high). */
  between(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  /** Whole number in [low, high]. */
  whole(low: number, high: number): number {
    return low + Math.floor((high - low + 1) * this.next());
  }

  happens(probability: number): boolean {
    return probability > 0 && this.next() < probability;
  }
}

/**
 * FNV-1a, 32 bits.
 * @see http://www.isthe.com/chongo/tech/comp/fnv/
 */
export function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
