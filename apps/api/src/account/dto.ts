import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

export class UsageName {
  @ApiProperty({ example: 'concurrentJobs' }) value!: string;
  @ApiProperty({ example: 'Jobs that run' }) localizedValue!: string;
}

/** In the shape of Batch AI's usages. */
export class Usage {
  @ApiProperty({ type: UsageName }) name!: UsageName;
  @ApiProperty({ example: 3 }) currentValue!: number;
  @ApiPropertyOptional({ description: 'Absent: unlimited.', example: 20 }) limit?: number;
  @ApiProperty({ type: 'string', enum: ['Count'], example: 'Count' }) unit!: 'Count';
}

export class UsageList {
  @ApiProperty({ type: [Usage] }) value!: Usage[];
}

export class FamilyQuota {
  @ApiProperty({ example: 'standardDSv5Family' }) name!: string;
  @ApiProperty({ example: 100 }) coreQuota!: number;
}

export class AccountView {
  @ApiProperty({ description: 'Of the Batch account.', example: 'windrowbatch' }) name!: string;
  @ApiProperty({ example: 'westeurope' }) location!: string;
  @ApiPropertyOptional({ description: 'Storage account that the Batch account is linked to.' })
  autoStorageAccountId?: string;
  @ApiProperty({ description: 'Of pools and jobs of all that use the account. Cores are approximate.', type: [Usage] })
  usage!: Usage[];
  @ApiProperty({ description: 'Where they are enforced, the quota of each family holds.', type: [FamilyQuota] })
  dedicatedCoreQuotaPerVMFamily!: FamilyQuota[];
  @ApiProperty({ example: false }) dedicatedCoreQuotaPerVMFamilyEnforced!: boolean;
}

export function usage(value: string, localizedValue: string, currentValue: number, limit: number | undefined): Usage {
  return { name: { value, localizedValue }, currentValue, ...(limit !== undefined && { limit }), unit: 'Count' };
}
