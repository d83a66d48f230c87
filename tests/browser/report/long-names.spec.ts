import { people as test, unique } from '../fixtures';
import { oneOfEach } from '../records';

/** One record of every kind, each called as long as it may be. */
test('records with very long names', async ({ admin }) => {
  const long = 'Wolfeschlegelsteinhausenbergerdorff';
  await oneOfEach(admin, `${long}${long} ${long} ${unique()}`, long);
});
