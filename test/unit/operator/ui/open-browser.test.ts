import { expect, it } from '@jest/globals';
import { openerOf } from '../../../../operator/ui/open-browser.ts';

const URL = 'http://127.0.0.1:1/#token=a';

it.each([
  ['linux', { DISPLAY: ':0' }, 'xdg-open'],
  ['linux', { WAYLAND_DISPLAY: 'wayland-0' }, 'xdg-open'],
  ['linux', {}, undefined],
  ['darwin', {}, 'open'],
  ['darwin', { SSH_CONNECTION: '1.2.3.4' }, undefined],
  ['win32', {}, 'cmd'],
  ['win32', { CI: 'true' }, undefined],
] as const)('on %s with %j the page is opened by %s', (platform, env, command) => {
  expect(openerOf(platform, env, URL)?.command).toBe(command);
});
