using System.Collections.Immutable;
using Kennel.Client.Running;
using Kennel.Objects.Batch;

namespace Kennel.Controllers.CronJobs;

/// <summary>All that a decision about a CronJob depends on.</summary>
/// <param name="Jobs">The Jobs that it controls.</param>
/// <param name="IsTaken">Whether a Job of the namespace has a name, whoever made it.</param>
public sealed record Observed(CronJob CronJob, ImmutableArray<Job> Jobs, Func<string, bool> IsTaken, DateTimeOffset Now);
