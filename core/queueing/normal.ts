/** Of numbers from 0 on, to 1.5e-7: M. Abramowitz and I. A. Stegun, "Handbook of Mathematical Functions" (1964), 7.1.26. */
export function errorFunction(x: number): number {
  const t = 1 / (1 + 0.327_591_1 * x);
  const sum =
    t *
    (0.254_829_592 + t * (-0.284_496_736 + t * (1.421_413_741 + t * (-1.453_152_027 + t * 1.061_405_429))));
  return 1 - sum * Math.exp(-x * x);
}

/** Share of a standard normal distribution that lies below `z`. */
export function normalShare(z: number): number {
  const within = errorFunction(Math.abs(z) / Math.SQRT2);
  return (z < 0 ? 1 - within : 1 + within) / 2;
}
