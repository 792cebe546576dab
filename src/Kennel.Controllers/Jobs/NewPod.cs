using System.Globalization;
using Kennel.Controllers.Pods;
using Kennel.Objects.Batch;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Jobs;

/// <summary>A pod of a Job; one of an Indexed Job knows which it is by name, label, annotation and variable.</summary>
static class NewPod
{
    const string Variable = "JOB_COMPLETION_INDEX";

    /// <summary>Generated names end at 63, five characters of which are random.</summary>
    const int LongestPrefix = 58;

    public static Pod Of(Job job)
    {
        var pod = TemplatePod.Of(job, job.Spec!.Template);
        return pod.IsTracked() ? pod : pod with { Metadata = pod.Metadata with { Finalizers = [.. pod.Metadata.Finalizers, JobPod.Finalizer] } };
    }

    /// <param name="predecessor">The failed pod of the same index that it replaces, or null.</param>
    public static Pod Of(Job job, int index, Pod? predecessor)
    {
        var (pod, number) = (Of(job), index.ToString(CultureInfo.InvariantCulture));
        var spec = pod.Spec ?? PodSpec.Empty;
        var annotations = new SortedDictionary<string, string>(pod.Metadata.Annotations.ToDictionary(), StringComparer.Ordinal) { [JobPod.IndexKey] = number };
        if (job.Spec!.BackoffLimitPerIndex is not null) CountFailures(annotations, job.Spec, predecessor);
        return pod with
        {
            Metadata = pod.Metadata with
            {
                GenerateName = Prefix(job.Metadata.Name ?? "", number),
                Annotations = annotations,
                Labels = new SortedDictionary<string, string>(pod.Metadata.Labels.ToDictionary(), StringComparer.Ordinal) { [JobPod.IndexKey] = number },
            },
            Spec = spec with
            {
                Hostname = $"{job.Metadata.Name}-{number}",
                InitContainers = [.. spec.InitContainers.Select(Told)],
                Containers = [.. spec.Containers.Select(Told)],
            },
        };
    }

    static string Prefix(string job, string index)
    {
        var end = $"-{index}-";
        return job.Length + end.Length > LongestPrefix ? job[..(LongestPrefix - end.Length)] + end : job + end;
    }

    static Container Told(Container container) => container.Env.Any(e => e.Name == Variable) ? container
        : container with { Env = [.. container.Env, new() { Name = Variable, ValueFrom = new() { FieldRef = new() { FieldPath = $"metadata.labels['{JobPod.IndexKey}']" } } }] };

    static void CountFailures(SortedDictionary<string, string> annotations, JobSpec spec, Pod? predecessor)
    {
        var (failures, ignored) = (0, 0);
        if (predecessor is not null)
        {
            var counts = Failing.Rule(spec, predecessor).Counts;
            (failures, ignored) = (predecessor.Failures() + (counts ? 1 : 0), predecessor.Ignored() + (counts ? 0 : 1));
        }
        annotations[JobPod.FailuresKey] = failures.ToString(CultureInfo.InvariantCulture);
        if (ignored > 0) annotations[JobPod.IgnoredKey] = ignored.ToString(CultureInfo.InvariantCulture);
    }
}
