using Microsoft.AspNetCore.Http;

namespace Kennel.Node.Streams;

/// <summary><c>/containerLogs/{namespace}/{pod}/{container}</c></summary>
internal sealed class LogEndpoint(PodLookup pods, TimeProvider time)
{
    public async Task Handle(HttpContext context, string space, string pod, string container, CancellationToken cancel)
    {
        var options = LogOptions.Parse(name => context.Request.Query[name].FirstOrDefault(), time.GetUtcNow(), out var problem);
        if (options is null)
        {
            await NodeRoutes.Answer(context, 422, problem!);
            return;
        }
        var (file, status, why) = Find(space, pod, container, options.Previous);
        if (file is null)
        {
            await NodeRoutes.Answer(context, status, why);
            return;
        }
        context.Response.ContentType = "text/plain";
        await context.Response.StartAsync(cancel);
        bool Running() => pods(space, pod)?.Containers.FirstOrDefault(place => place.Name == container) is { Running: true } place && place.LogFile == file;
        await LogReader.Copy(file, options with { Follow = options.Follow && !options.Previous }, context.Response.Body, Running, time, cancel);
    }

    /// <summary>The log's file, or why there is none, in the kubelet's words.</summary>
    private (string? File, int Status, string Why) Find(string space, string pod, string container, bool previous)
    {
        if (pods(space, pod) is not { } place)
        {
            return (null, 404, $"pod \"{pod}_{space}\" does not exist");
        }
        if (place.Containers.FirstOrDefault(one => one.Name == container) is not { } found)
        {
            return (null, 400, $"container \"{container}\" in pod \"{pod}\" is not available");
        }
        if (previous)
        {
            return found.PreviousLogFile is { } old ? (old, 200, "") : (null, 400, $"previous terminated container \"{container}\" in pod \"{pod}\" not found");
        }
        return (found.LogFile, found.WaitingReason) switch
        {
            ({ } file, _) when found.Running || found.WaitingReason is null or "CrashLoopBackOff" => (file, 200, ""),
            (_, "ErrImagePull" or "ImagePullBackOff") =>
                (null, 400, $"container \"{container}\" in pod \"{pod}\" is waiting to start: trying and failing to pull image"),
            (_, { } reason) => (null, 400, $"container \"{container}\" in pod \"{pod}\" is waiting to start: {reason}"),
            _ => (null, 400, $"container \"{container}\" in pod \"{pod}\" is waiting to start - no logs yet"),
        };
    }
}
