import { people as test, unique } from '../fixtures';
import { oneOfEach } from '../records';

/** One record of every kind: each called as long as it may be where `LEADCRM_STATE` is `long`. */
test('records of every kind', async ({ admin }) => {
  const long = 'Wolfeschlegelsteinhausenbergerdorff';
  if (process.env.LEADCRM_STATE === 'long') await oneOfEach(admin, `${long}${long} ${long} ${unique()}`, long);
  else await oneOfEach(admin, 'Harbour Pumps', 'Harbour');
});
