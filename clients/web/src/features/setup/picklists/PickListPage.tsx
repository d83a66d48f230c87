import { ActionIcon, Button, SegmentedControl } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from 'react-router';
import { Problem } from '@/api/problem';
import { pickListsQuery, type ListName } from '@/features/leads/pickLists';
import { tellFailure } from '@/shared/notices';
import { Rows } from '@/shared/Rows';
import { Empty } from '@/shared/States';
import { Tag } from '@/shared/Tag';
import { Loaded, SetupPage } from '../SetupPage';
import { arrange, listNames, pickListsChanged, showInOrder, singular } from './queries';

/** The values of a pick-list in their order (LD3). */
export function PickListPage() {
  const list = (useParams().list ?? 'source') as ListName;
  const navigate = useNavigate();
  const lists = useQuery({ ...pickListsQuery, refetchInterval: (query) => query.state.data?.some((one) => one.values.some((value) => value.leadsFollow)) ? 3_000 : false });
  const order = useMutation({
    mutationFn: (ids: string[]) => { showInOrder(list, ids); return arrange(list, ids); },
    onSettled: () => pickListsChanged(),
    onError: (error) => tellFailure(Problem.of(error).message),
  });
  const create = <Button component={Link} to={`/setup/pick-lists/${list}/new`}>{`New ${singular[list]}`}</Button>;
  return (
    <SetupPage title="Pick-lists" what="What people choose from. Files and programs may bring other values; those stay as they came. Statuses have a page of their own." actions={create}>
      <SegmentedControl aria-label="Pick-list" data={Object.entries(listNames).map(([value, label]) => ({ value, label }))} value={list} onChange={(next) => void navigate(`/setup/pick-lists/${next}`)} style={{ alignSelf: 'flex-start', maxWidth: '100%' }} />
      <Loaded query={lists} what="The pick-lists">
        {(all) => {
          const values = all.find((one) => one.list === list)?.values ?? [];
          const swapped = (at: number, by: number) => values.map((_, i) => values[i === at ? at + by : i === at + by ? at : i]!.id);
          return values.length === 0 ? <Empty action={create}>What can be chosen is listed here.</Empty> : (
            <Rows label={listNames[list]} rows={values.map((value, i) => ({
              key: value.id, to: `/setup/pick-lists/${list}/${value.id}`, title: value.name, isOff: !value.isActive,
              badges: <>{value.isDefault && <Tag tone="information">New leads take it</Tag>}{!value.isActive && <Tag>Not offered any more</Tag>}{value.leadsFollow && <Tag tone="warning">Leads are getting the new name</Tag>}</>,
              actions: <>
                <ActionIcon variant="subtle" color="gray" aria-label={`Move ${value.name} up`} disabled={i === 0 || order.isPending} onClick={() => order.mutate(swapped(i, -1))}><IconArrowUp size={14} /></ActionIcon>
                <ActionIcon variant="subtle" color="gray" aria-label={`Move ${value.name} down`} disabled={i === values.length - 1 || order.isPending} onClick={() => order.mutate(swapped(i, 1))}><IconArrowDown size={14} /></ActionIcon>
              </>,
            }))} />
          );
        }}
      </Loaded>
    </SetupPage>
  );
}
