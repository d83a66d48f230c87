import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { Rows } from '@/shared/Rows';
import { Tag } from '@/shared/Tag';
import { Loaded, SetupPage } from '../SetupPage';
import { processesQuery } from './queries';

export function ProcessList() {
  const processes = useQuery(processesQuery);
  return (
    <SetupPage title="Processes and path" what="The way that leads of one kind go: which status follows which, and what people read and fill at each step of the path." actions={<Button component={Link} to="/setup/processes/new">New process</Button>}>
      <Loaded query={processes} what="The processes">
        {(all) => <Rows label="Processes" rows={all.map((one) => ({ key: one.id, to: `/setup/processes/${one.id}`, title: one.name, badges: one.isDefault && <Tag tone="information">Leads follow it unless said otherwise</Tag>, aside: one.steps.length === 1 ? '1 step described' : `${one.steps.length} steps described` }))} />}
      </Loaded>
    </SetupPage>
  );
}
