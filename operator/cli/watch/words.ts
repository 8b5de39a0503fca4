/** 12,345. */
export function tasks(count: number): string {
  return Math.round(count).toLocaleString('en-US');
}

/** 0:07, 1:02, 1:00:00. */
export function clock(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  const two = (value: number) => String(value).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** 1 dead letter, 2 dead letters. */
export function counted(count: number, what: string): string {
  return `${tasks(count)} ${what}${count === 1 ? '' : 's'}`;
}
