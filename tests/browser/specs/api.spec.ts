import { expect, test } from '@playwright/test';
import { spawnSync } from 'node:child_process';
import { system } from '../system';

test('PF1: the client is made for the API that the services describe; one that has changed is found by the type check', () => {
  test.setTimeout(240_000);   // the type check of the whole client
  const { status, stderr } = spawnSync('node', ['../../clients/web/scripts/api.mjs', '--check', system.gateway], { encoding: 'utf8' });
  expect(status, stderr).toBe(0);
});
