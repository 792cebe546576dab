using System.Text.Json;
using Kennel.Client.Running;
using Kennel.Controllers.Revisions;
using Kennel.Objects;
using Kennel.Objects.Apps;
using Kennel.Objects.Core;
using Kennel.Objects.Meta;

namespace Kennel.Controllers.Tests.Model.Check;

/// <summary>The product's objects as the oracle's plain values, and the product's decisions as lines.</summary>
sealed class Reading(ModelWorld world)
{
    readonly Dictionary<string, string> _templates = new(StringComparer.Ordinal);

    StatefulSet Set => world.Caches.Of<StatefulSet>().Get(new("default", "web"))!;

    /// <summary>Nothing but image and one annotation ever differs between the templates here.</summary>
    static string Template(PodTemplateSpec t) => t.Spec!.Containers[0].Image + (t.Metadata.Annotations.TryGetValue("note", out var note) ? "+" + note : "");

    static string Template(ControllerRevision revision)
    {
        using var json = JsonDocument.Parse(revision.Data!.Value.Bytes());
        var template = json.RootElement.GetProperty("spec").GetProperty("template");
        var image = template.GetProperty("spec").GetProperty("containers")[0].GetProperty("image").GetString();
        return template.GetProperty("metadata").TryGetProperty("annotations", out var notes) ? $"{image}+{notes.GetProperty("note").GetString()}" : image!;
    }

    string? Template(string? revision) => revision is null ? null : _templates.GetValueOrDefault(revision, "?" + revision);

    public World Now()
    {
        _templates[$"web-{RevisionHash.Of(TemplatePatch.Of(Set.Spec!.Template), 0)}"] = Template(Set.Spec.Template); // as it would be named, made or not
        foreach (var r in world.Caches.Of<ControllerRevision>().All()) _templates[r.Metadata.Name!] = Template(r);
        var refused = world.Setbacks.GetValueOrDefault(new("default", "web"))?.GetValueOrDefault($"pods@{Set.Metadata.Generation}")?.What;
        return new(
            ReadSet(), [.. world.Pods.Select(ReadPod)],
            [.. world.Caches.Of<PersistentVolumeClaim>().All().Select(c => new OneClaim(c.Metadata.Name!, c.Metadata.DeletionTimestamp is not null, [.. c.Metadata.OwnerReferences.Select(Read)]))],
            [.. world.Caches.Of<ControllerRevision>().All().Select(r => new OneRevision(r.Metadata.Name!, Controller(r.Metadata), Labels(r.Metadata), r.Revision, r.Metadata.CreationTimestamp!.Value, Template(r)))],
            Set.Spec!.PodManagementPolicy == "Parallel" ? null : refused?.Split('/').Last() is { } pod && refused.StartsWith("Create pods", StringComparison.Ordinal) ? pod : null, world.Now);
    }

    Set ReadSet()
    {
        var spec = Set.Spec!;
        var rolling = spec.UpdateStrategy!.RollingUpdate;
        return new(
            Set.Metadata.Name!, Set.Metadata.Uid!, Set.Metadata.Generation!.Value, Set.Metadata.DeletionTimestamp is not null, spec.Replicas!.Value, spec.Ordinals?.Start ?? 0,
            spec.PodManagementPolicy == "Parallel", spec.UpdateStrategy.Type!, rolling is not null, rolling?.Partition ?? 0, rolling?.MaxUnavailable is { } max ? max.IsText ? max.Text : $"{max.Number}" : null,
            spec.MinReadySeconds ?? 0, spec.RevisionHistoryLimit!.Value, spec.PersistentVolumeClaimRetentionPolicy?.WhenDeleted == "Delete", spec.PersistentVolumeClaimRetentionPolicy?.WhenScaled == "Delete",
            [.. spec.VolumeClaimTemplates.Select(t => t.Metadata.Name!)], new(spec.Selector.MatchLabels), Template(spec.Template), Set.Status is { } s ? ReadStatus(s) : null);
    }

    Status ReadStatus(StatefulSetStatus s) => new(
        s.ObservedGeneration ?? 0, s.Replicas, s.ReadyReplicas ?? 0, s.AvailableReplicas ?? 0, s.CurrentReplicas ?? 0, s.UpdatedReplicas ?? 0,
        Template(s.CurrentRevision), Template(s.UpdateRevision), s.Conditions.FirstOrDefault(c => c.Type == "Progressing")?.Reason ?? "");

    OnePod ReadPod(Pod p) => new(
        p.Metadata.Name!, p.Metadata.Uid!, Controller(p.Metadata), Labels(p.Metadata), Template(p.Metadata.Labels.GetValueOrDefault("controller-revision-hash")), p.Status?.Phase ?? "",
        p.Status?.Conditions.FirstOrDefault(c => c is { Type: "Ready", Status: "True" })?.LastTransitionTime, p.Metadata.DeletionTimestamp is not null,
        (p.Spec?.Volumes ?? []).Where(v => v.PersistentVolumeClaim is not null).ToDictionary(v => v.Name, v => v.PersistentVolumeClaim!.ClaimName));

    static string? Controller(ObjectMeta meta) => meta.OwnerReferences.FirstOrDefault(o => o.Controller == true)?.Uid;

    static Dictionary<string, string> Labels(ObjectMeta meta) => new(meta.Labels);

    static Owner Read(OwnerReference o) => new(o.Kind, o.Name, o.Uid, o.Controller == true);

    public List<string> Lines(Decision decision)
    {
        return [.. decision.Steps.Select(Line).Where(l => l.Length > 0)];
    }

    string Line(Step step) => step switch
    {
        Step.Patch { Resource.Kind: "StatefulSet" } => "",
        Step.Patch p => $"{(p.Json.Contains($"\"uid\":\"{Set.Metadata.Uid}\"", StringComparison.Ordinal) ? "adopt" : "release")} {(p.Resource.Kind == "ControllerRevision" ? "revision " : "")}{p.Key.Name}",
        Step.Create { Object: ControllerRevision r } => $"new revision {r.Revision} of {Template(r)}",
        Step.Update { Object: ControllerRevision r } => $"revision {Template(r)} becomes {r.Revision}",
        Step.Delete { Resource.Kind: "ControllerRevision" } d => $"forget {Template(d.Key.Name)}",
        Step.Create { Object: PersistentVolumeClaim c } => $"claim {c.Metadata.Name} for [{string.Join(", ", c.Metadata.OwnerReferences.Select(Read))}]",
        Step.Update { Object: PersistentVolumeClaim c } => $"owners of {c.Metadata.Name}: [{string.Join(", ", c.Metadata.OwnerReferences.Select(Read))}]",
        Step.Create { Object: Pod p } => $"create {p.Metadata.Name} of {Made(p)}",
        Step.Update { Object: Pod p } => $"update {p.Metadata.Name}",
        Step.Delete d => $"delete {d.Key.Name}",
        Step.UpdateStatus { Object: StatefulSet s } => $"status {ReadStatus(s.Status!)}",
        Step.Say { Done.Reason: "ConflictingController" } s => $"say {s.Done!.Message.Split(' ')[1]} has a conflicting owner",
        Step.Say s => $"say {s.Done!.Message[s.Done.Message.IndexOf("pvc", StringComparison.Ordinal)..]}",
        _ => step.ToString(),
    };

    /// <summary>A pod is of the revision that its label names, and looks like it.</summary>
    string? Made(Pod pod)
    {
        var template = Template(pod.Metadata.Labels["controller-revision-hash"]);
        var looks = Template(new PodTemplateSpec { Metadata = pod.Metadata, Spec = pod.Spec });
        return template == looks ? template : $"{template}, but looks like {looks}";
    }
}
