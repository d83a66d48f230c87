import { useEffect } from 'react';
import { queries } from '@/api/queries';
import { arrived } from '@/shared/list/arrivals';
import { rowsChanged } from '@/shared/list/windows';

interface Change { type: string; id: string; version: number }
interface Known { id: string; version: number }

/** What records are called in the cache of answers. */
const rooms: Record<string, string> = { lead: 'leads', account: 'accounts', contact: 'contacts', opportunity: 'opportunities', campaign: 'campaigns' };
const atMostEvery = 1_000;
const figuresAtMostEvery = 5_000;
const tryAgainAfter = 60_000;

/**
 * Keeps what is on the page as it is on the server, as long as somebody is signed in: the gateway tells which records changed, and what shows them is asked for
 * anew. Changes that come close together are looked at together, and in a tab that nobody sees, when somebody does.
 */
export function useLive(userId: string) {
  useEffect(() => {
    let waiting = new Map<string, Change>();
    let all = false;
    let timer = 0;
    let figures = 0;
    let again = 0;
    let source: EventSource;

    function look() {
      timer = 0;
      if (document.hidden) return;
      const changes = [...waiting.values()];
      waiting = new Map();
      if (all) void queries.invalidateQueries({ predicate: (query) => Object.values(rooms).includes(String(query.queryKey[0])) || query.queryKey[0] === 'activities' });
      else take(changes);
      all = false;
      if (figures === 0 && changes.some((change) => change.type === 'lead')) figures = window.setTimeout(() => { figures = 0; void queries.invalidateQueries({ queryKey: ['leads', 'counts'] }); }, figuresAtMostEvery);
    }

    const soon = () => { if (timer === 0 && (waiting.size > 0 || all)) timer = window.setTimeout(look, atMostEvery); };

    function open() {
      source = new EventSource('/api/events');
      source.addEventListener('changed', (event) => {
        for (const change of JSON.parse(event.data) as Change[]) waiting.set(`${change.type} ${change.id}`, change);
        soon();
      });
      source.addEventListener('refresh', () => { all = true; soon(); });
      source.onerror = () => {
        if (source.readyState !== EventSource.CLOSED) return;   // the browser tries again by itself
        void queries.invalidateQueries({ queryKey: ['session'] });   // the session may be over, which shows the sign-in
        again = window.setTimeout(open, tryAgainAfter);
      };
    }

    open();
    document.addEventListener('visibilitychange', soon);
    return () => {
      source.close();
      [timer, figures, again].forEach((one) => clearTimeout(one));
      document.removeEventListener('visibilitychange', soon);
    };
  }, [userId]);
}

function take(changes: Change[]) {
  for (const [type, room] of Object.entries(rooms)) {
    const some = new Map(changes.filter((change) => change.type === type).map((change) => [change.id, change.version]));
    if (some.size === 0) continue;
    const isOld = (known: Known | undefined) => known !== undefined && known.version < (some.get(known.id) ?? 0);

    for (const [key, record] of queries.getQueriesData<Known>({ queryKey: [room, 'one'] })) {
      if (!isOld(record)) continue;
      void queries.invalidateQueries({ queryKey: key });
      void queries.invalidateQueries({ queryKey: ['activities', 'timeline', type, record!.id] });
      void queries.invalidateQueries({ queryKey: [room, 'history', record!.id] });
    }
    // A list that shows an old row is asked for anew; what is new to a list waits until its reader wants it.
    for (const { queryKey } of rowsChanged(room, isOld)) void queries.invalidateQueries({ queryKey });
    arrived(room);
  }
}
