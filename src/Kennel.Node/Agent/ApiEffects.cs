using System.Text;
using Kennel.Client;
using Kennel.Node.Pods;
using Kennel.Objects;
using Kennel.Objects.Core;

namespace Kennel.Node.Agent;

/// <summary>A pod's writes to the API.</summary>
sealed class ApiEffects(Shared shared)
{
    static readonly TimeSpan s_first = TimeSpan.FromMilliseconds(200);
    static readonly TimeSpan s_longest = TimeSpan.FromSeconds(10);

    /// <summary>The pod as the API answered, or null when it is gone or another one now.</summary>
    /// <exception cref="ApiUnavailableException">No answer, or one that asks to try again.</exception>
    public async Task<Pod?> WriteStatus(Pod pod, byte[] patch, CancellationToken cancel)
    {
        var path = Pod.Resource.Path(pod.Metadata.Namespace, pod.Metadata.Name) + "/status";
        var answer = await shared.Parts.Api.Send(new("PATCH", path, patch, "application/merge-patch+json"), cancel);
        if (answer.Succeeded) return Json.Read<Pod>(answer.Body.Span);
        if (answer.Status == 404) return null;
        throw new ApiUnavailableException($"the status of pod {pod.Metadata.Namespace}/{pod.Metadata.Name} was refused ({answer.Status}): {Encoding.UTF8.GetString(answer.Body.Span)}");
    }

    /// <summary>The final status, then the delete with grace 0 of exactly this pod.</summary>
    public async Task<Func<Facts, Facts>> Finish(Observed o, CancellationToken cancel)
    {
        var pod = o.Pod!;
        try
        {
            if (StatusPatch.Make(pod, StatusOf.Pod(o)) is { } patch) await WriteStatus(pod, patch, cancel);
            var body = Encoding.UTF8.GetBytes($$$"""{"apiVersion":"v1","kind":"DeleteOptions","gracePeriodSeconds":0,"preconditions":{"uid":"{{{pod.Metadata.Uid}}}"}}""");
            var answer = await shared.Parts.Api.Send(new("DELETE", Pod.Resource.Path(pod.Metadata.Namespace, pod.Metadata.Name), body), cancel);
            if (answer.Succeeded || answer.Status is 404 or 409) return facts => facts with { Deleted = true, FinishTrouble = null };
            return Failed($"the server answered {answer.Status}");
        }
        catch (ApiUnavailableException away)
        {
            return Failed(away.Message);
        }
    }

    Func<Facts, Facts> Failed(string message) => facts => facts with { FinishTrouble = Trouble.After(facts.FinishTrouble, "FailedDelete", message, shared.Now, s_first, s_longest) };
}
