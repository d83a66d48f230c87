import { Button } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { Problem } from '@/api/problem';
import { queries } from '@/api/queries';
import { usePage } from '@/app/page';
import { newKey } from '@/api/client';
import { useMe } from '@/features/session/session';
import { Heading, Part } from '@/shared/form/FormPage';
import classes from '@/shared/form/FormPage.module.css';
import { tell, tellFailure } from '@/shared/notices';
import { Rows } from '@/shared/Rows';
import { Empty, Failed, Loading } from '@/shared/States';
import { Tag } from '@/shared/Tag';
import { number } from '@/shared/time';
import { When } from '@/shared/When';
import { deleteMapping, importsPage, savedMappingsQuery, saveMapping, type Import, type SavedMapping } from './queries';

/** Earlier imports, newest first, and the mappings that were kept. */
export function ImportList() {
  usePage('Imports', { label: 'Leads', to: '/leads' });
  const me = useMe();
  const imports = useInfiniteQuery({ queryKey: ['imports', 'list'], queryFn: ({ pageParam }) => importsPage(pageParam), initialPageParam: '', getNextPageParam: (page) => page.next || null });
  const create = <Button component={Link} to="/leads/imports/new">Import a file</Button>;
  const items = imports.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className={classes.body}>
      <Heading title="Imports" subtitle="Files of leads, yours and those of the people whose records you see." actions={create} />
      {imports.isPending ? <Loading lines={8} label="Loading imports" /> : imports.isError ? <Failed what="The imports could not be loaded." error={imports.error} retry={() => void imports.refetch()} />
        : items.length === 0 ? <Empty action={create}>A file of leads, from a trade show or another program, comes in here. Nothing has been imported yet.</Empty>
        : <Rows label="Imports" rows={items.map((one) => ({ key: one.id, to: `/leads/imports/${one.id}`, title: one.fileName, badges: <State of={one} />, subtitle: <>{one.createdById === me.id ? 'You' : one.createdByName}, <When at={one.createdAt} /></>, aside: counts(one) }))} />}
      {imports.hasNextPage && <Button variant="default" loading={imports.isFetchingNextPage} onClick={() => void imports.fetchNextPage()} style={{ alignSelf: 'flex-start' }}>Show older</Button>}
      <Mappings />
    </div>
  );
}

const counts = (one: Import) => one.plan?.dryRun || one.state === 'ready' ? '' : [`${number(one.rowsCreated)} ${one.rowsCreated === 1 ? 'lead' : 'leads'}`, one.rowsFailed > 0 && `${number(one.rowsFailed)} with errors`].filter(Boolean).join(', ');

/** Where an import stands, in a word. */
export function State({ of: one }: { of: Import }) {
  if (one.state === 'uploading') return <Tag>Coming in</Tag>;
  if (one.state === 'ready' || (one.plan?.dryRun && one.state === 'completed')) return <Tag tone="warning">Not started</Tag>;
  if (one.state === 'queued' || one.state === 'running') return <Tag tone="information">{one.plan?.dryRun ? 'Being tried' : 'Running'}</Tag>;
  if (one.state === 'completed') return one.rowsFailed > 0 ? <Tag tone="warning">Done, some rows left</Tag> : <Tag tone="good">Done</Tag>;
  return one.state === 'cancelled' ? <Tag>Stopped</Tag> : <Tag tone="bad">{one.state === 'refused' ? 'Nothing imported' : 'Failed'}</Tag>;
}

function Mappings() {
  const mappings = useQuery(savedMappingsQuery);
  if (!mappings.data?.length) return null;

  async function drop(mapping: SavedMapping) {
    const again = () => queries.invalidateQueries({ queryKey: savedMappingsQuery.queryKey });
    try {
      await deleteMapping(mapping.id);
      await again();
      tell(`The mapping “${mapping.name}” is deleted.`, { label: 'Undo', run: () => void saveMapping(mapping.name, mapping, newKey()).then(again, (error) => tellFailure(Problem.of(error).message)) });
    } catch (error) {
      tellFailure(Problem.of(error).message);
    }
  }

  return (
    <Part title="Saved mappings" what="To be chosen when a file of the same shape comes in.">
      <Rows label="Saved mappings" rows={mappings.data.map((mapping) => ({ key: mapping.id, title: mapping.name, subtitle: `${Object.keys(mapping.mapping).length} columns, saved ${new Date(mapping.createdAt).toLocaleDateString()}`, actions: <Button variant="subtle" color="gray" aria-label={`Delete ${mapping.name}`} onClick={() => void drop(mapping)}>Delete</Button> }))} />
    </Part>
  );
}
