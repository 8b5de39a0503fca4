/**
 * Little's law, L = λ W: the mean number in a system is the rate at which they come times the mean time each stays,
 * whatever the order, the arrivals or the times.
 * Source: J. D. C. Little, "A proof for the queuing formula: L = λW", Operations Research 9 (1961), 383–387.
 * @param perSecond tasks that start each second
 * @param seconds mean time of a task
 * @returns tasks that run at the same time, mean
 */
export function runningOnAverage(perSecond: number, seconds: number): number {
  return perSecond * seconds;
}

/**
 * Little's law, asked for the rate.
 * @returns tasks per second that `slots` slots can do
 */
export function capacityPerSecond(slots: number, seconds: number): number {
  return slots / seconds;
}
