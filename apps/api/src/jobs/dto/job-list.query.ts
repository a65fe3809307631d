import { JOB_STATES, type JobState } from '@windrow/contract';
import { Choice } from '../../common/validation/fields';
import { PageQuery } from '../../http/page-query';

export class JobListQueryDto extends PageQuery {
  @Choice({ description: 'Only jobs in this state.', example: 'running' }, JOB_STATES)
  state?: JobState;
}
