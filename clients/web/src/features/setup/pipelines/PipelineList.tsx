import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { pipelinesQuery } from '@/features/opportunities/opportunities';
import { Rows } from '@/shared/Rows';
import { Tag } from '@/shared/Tag';
import { Loaded, SetupPage } from '../SetupPage';

export function PipelineList() {
  const pipelines = useQuery(pipelinesQuery);
  return (
    <SetupPage title="Pipelines and stages" what="The ways that opportunities go: which stages there are, how likely a deal is in each, and what must be filled before it moves on." actions={<Button component={Link} to="/setup/pipelines/new">New pipeline</Button>}>
      <Loaded query={pipelines} what="The pipelines">
        {(all) => <Rows label="Pipelines" rows={all.map((one) => ({ key: one.id, to: `/setup/pipelines/${one.id}`, title: one.name, badges: one.isDefault && <Tag tone="information">New opportunities go here</Tag>, aside: one.stages.toSorted((a, b) => a.position - b.position).map((stage) => stage.name).join(' ▸ ') }))} />}
      </Loaded>
    </SetupPage>
  );
}
