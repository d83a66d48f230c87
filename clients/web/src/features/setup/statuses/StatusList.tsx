import { ActionIcon, Button } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { Problem } from '@/api/problem';
import { statusesQuery } from '@/features/leads/queries';
import { tellFailure } from '@/shared/notices';
import { Rows } from '@/shared/Rows';
import { Tag } from '@/shared/Tag';
import { Loaded, SetupPage } from '../SetupPage';
import { categoryNames, changeStatus, inputOf, statusesChanged, type Status } from './queries';

/** The statuses in the order of the path. */
export function StatusList() {
  const statuses = useQuery(statusesQuery);
  const swap = useMutation({
    mutationFn: async ([one, other]: [Status, Status]) => {
      // Two that stand at the same place are told apart by their names; from now on by their places.
      const [first, second] = one.sort === other.sort ? [one.sort + 1, other.sort] : [other.sort, one.sort];
      await changeStatus(one.id, one.version, { ...inputOf(one), sort: first });
      if (second !== other.sort) await changeStatus(other.id, other.version, { ...inputOf(other), sort: second });
    },
    onSettled: () => statusesChanged(),
    onError: (error) => tellFailure(Problem.of(error).message),
  });
  return (
    <SetupPage title="Lead statuses" what="The steps that a lead goes through, in this order. What a status means to views and conversions is its category." actions={<Button component={Link} to="/setup/statuses/new">New status</Button>}>
      <Loaded query={statuses} what="The statuses">
        {(all) => <Rows label="Lead statuses" rows={all.map((status, i) => ({
          key: status.id, to: `/setup/statuses/${status.id}`, title: status.name, isOff: !status.isActive, aside: categoryNames[status.category], badges: <>{status.isDefault && <Tag tone="information">New leads begin here</Tag>}{!status.isActive && <Tag>Not used any more</Tag>}</>,
          actions: <>
            <ActionIcon variant="subtle" color="gray" aria-label={`Move ${status.name} up`} disabled={i === 0 || swap.isPending} onClick={() => swap.mutate([status, all[i - 1]!])}><IconArrowUp size={14} /></ActionIcon>
            <ActionIcon variant="subtle" color="gray" aria-label={`Move ${status.name} down`} disabled={i === all.length - 1 || swap.isPending} onClick={() => swap.mutate([all[i + 1]!, status])}><IconArrowDown size={14} /></ActionIcon>
          </>,
        }))} />}
      </Loaded>
    </SetupPage>
  );
}
