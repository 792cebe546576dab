using System.Text;
using System.Text.Json;
using Kennel.Client;
using Kennel.Client.Running;
using Kennel.Objects;
using Kennel.Objects.Batch;
using Kennel.Objects.Core;
using Kennel.Objects.Meta;

namespace Kennel.Controllers.Jobs;

/// <summary>A Job's hold on its pods: the owner reference and the finalizer that keeps a pod until it has been counted.</summary>
static class Tracking
{
    /// <summary>The pod becomes the Job's.</summary>
    public static Step Adopt(Job job, Pod pod) => Change(pod,
        [.. pod.Metadata.OwnerReferences.Where(r => r.Uid != job.Metadata.Uid), job.ControllerReference()],
        [.. pod.Metadata.Finalizers.Where(f => f != JobPod.Finalizer), JobPod.Finalizer]) with { MayFail = true };

    /// <summary>The pod is the Job's no longer.</summary>
    public static Step Release(Job job, Pod pod) => Change(pod,
        [.. pod.Metadata.OwnerReferences.Where(r => r.Uid != job.Metadata.Uid)], [.. pod.Metadata.Finalizers.Where(f => f != JobPod.Finalizer)]) with { MayFail = true };

    /// <summary>The pod has been counted, or isn't to be.</summary>
    public static Step Untrack(Pod pod) => Change(pod, null, [.. pod.Metadata.Finalizers.Where(f => f != JobPod.Finalizer)]);

    /// <summary>The revision is in the patch, since lists are replaced as a whole and must not undo somebody else's change.</summary>
    static Step Change(Pod pod, IReadOnlyList<OwnerReference>? owners, IReadOnlyList<string> finalizers)
    {
        var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json, Json.Writing))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("metadata");
            writer.WriteString("uid", pod.Metadata.Uid);
            writer.WriteString("resourceVersion", pod.Metadata.ResourceVersion);
            if (owners is not null)
            {
                writer.WritePropertyName("ownerReferences");
                Wire.WriteList(writer, owners, static (w, r) => r.Write(w));
            }
            writer.WritePropertyName("finalizers");
            Wire.WriteList(writer, finalizers, static (w, f) => w.WriteStringValue(f));
            writer.WriteEndObject();
            writer.WriteEndObject();
        }
        return new Step.Patch(Pod.Resource, ObjectKey.Of(pod), Encoding.UTF8.GetString(json.ToArray()));
    }
}
