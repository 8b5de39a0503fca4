import { signal } from '@preact/signals';

export type Theme = 'light' | 'dark' | 'system';
const KEY = 'sluice-theme';
const THEMES: readonly Theme[] = ['system', 'light', 'dark'];
const darkSystem = matchMedia('(prefers-color-scheme: dark)');

export const theme = signal<Theme>(THEMES.find((one) => one === localStorage.getItem(KEY)) ?? 'system');
/** What it comes to; charts are drawn anew with it. */
export const isDark = signal(false);

export function startTheme(): void {
  apply();
  darkSystem.addEventListener('change', apply);
}

export function nextTheme(): void {
  theme.value = THEMES[(THEMES.indexOf(theme.value) + 1) % THEMES.length] ?? 'system';
  localStorage.setItem(KEY, theme.value);
  apply();
}

function apply(): void {
  isDark.value = theme.value === 'dark' || (theme.value === 'system' && darkSystem.matches);
  document.documentElement.dataset.theme = isDark.value ? 'dark' : 'light';
}
