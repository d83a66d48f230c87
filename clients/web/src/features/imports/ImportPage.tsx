import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useParams } from 'react-router';
import { Problem } from '@/api/problem';
import { queries } from '@/api/queries';
import { usePage } from '@/app/page';
import { Failed, Gone, Loading } from '@/shared/States';
import { MapColumns } from './MapColumns';
import { importChanged, importQuery, isOver, type Import } from './queries';
import { Result } from './Result';
import { Running } from './Running';

/** An import from its mapping to its result: whatever comes next for it. */
export function ImportPage() {
  const { id = '' } = useParams();
  const found = useQuery(importQuery(id));
  const [mapping, setMapping] = useState(false);
  const one = found.data;
  usePage(one?.fileName ?? 'Import', { label: 'Leads', to: '/leads' }, { label: 'Imports', to: '/leads/imports' });
  useFollow(one);
  useEffect(() => setMapping(false), [id, one?.state]);

  if (!one) {
    return found.isError ? Problem.of(found.error).status === 404
      ? <Gone what="This import is not here." why="It may be of somebody whose records you do not see." onward={{ label: 'Show the imports', to: '/leads/imports' }} />
      : <Failed what="The import could not be loaded." error={found.error} retry={() => void found.refetch()} /> : <Loading lines={10} label="Loading the import" />;
  }
  if (one.state === 'uploading') return <Failed what="The file has not arrived in full." error={new Problem(409, 'uploading', 'It is still coming in, or the line broke on the way. When it stays like this, send it again.', undefined, {}, {})} retry={() => void found.refetch()} />;
  if (one.state === 'queued' || one.state === 'running') return <Running key={id} import={one} />;
  if (one.state === 'ready' || mapping) return <MapColumns key={id} import={one} />;
  return <Result key={id} import={one} onMap={() => setMapping(true)} />;
}

/** Follows an import that runs as the server tells of it, over interruptions. */
function useFollow(one: Import | undefined) {
  const runs = one?.state === 'queued' || one?.state === 'running';
  const id = one?.id;
  useEffect(() => {
    if (!runs || !id) return;
    const source = new EventSource(`/api/leads/imports/${id}/progress`);   // comes back by itself when the line breaks
    source.addEventListener('progress', ({ data }: MessageEvent<string>) => {
      const now = JSON.parse(data) as Import;
      if (isOver(now)) { source.close(); importChanged(now); }
      else queries.setQueryData(importQuery(id).queryKey, now);
    });
    return () => source.close();
  }, [runs, id]);
}
