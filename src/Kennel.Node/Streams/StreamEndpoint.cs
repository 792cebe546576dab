using Kennel.Node.Runtime;
using Microsoft.AspNetCore.Http;

namespace Kennel.Node.Streams;

/// <summary><c>/exec/…</c>, <c>/attach/…</c>, <c>/portForward/…</c>: an upgrade that the runtime's own streaming server answers; we carry the bytes.</summary>
internal sealed class StreamEndpoint(IRuntime runtime, PodLookup pods)
{
    public async Task Handle(HttpContext context, string kind, string space, string pod, string container, CancellationToken cancel)
    {
        if (!UpgradePump.IsUpgrade(context.Request))
        {
            await NodeRoutes.Answer(context, 400, "Upgrade request required");
            return;
        }
        var (request, status, why) = Request(context.Request.Query, kind, space, pod, container);
        if (request is null)
        {
            await NodeRoutes.Answer(context, status, why);
            return;
        }
        try
        {
            await UpgradePump.Run(context, await runtime.Stream(request, cancel), cancel);
        }
        catch (RuntimeException refusal) when (!context.Response.HasStarted)
        {
            await NodeRoutes.Answer(context, 500, refusal.Message);
        }
    }

    private (StreamRequest? Request, int Status, string Why) Request(IQueryCollection query, string kind, string space, string pod, string container)
    {
        if (pods(space, pod) is not { } place)
        {
            return (null, 404, "pod does not exist");
        }
        if (kind == "portforward")
        {
            return place.SandboxId is { } sandbox
                ? (new StreamRequest(kind, sandbox, [], false, false, false, false), 200, "")
                : (null, 500, $"pod not found (\"{pod}_{space}\")");
        }
        if (place.Containers.FirstOrDefault(one => one.Name == container) is not { Running: true, ContainerId: { } id })
        {
            return (null, 500, $"container not found (\"{container}\")");
        }
        bool Wanted(string kubelets, string servers) => LogOptions.Flag(query[kubelets].FirstOrDefault()) || LogOptions.Flag(query[servers].FirstOrDefault());
        var tty = LogOptions.Flag(query["tty"].FirstOrDefault());
        var wish = new StreamRequest(kind, id, [.. query["command"].Select(part => part ?? "")],
            Wanted("input", "stdin"), Wanted("output", "stdout"), Wanted("error", "stderr") && !tty, tty);
        return wish switch
        {
            { Stdin: false, Stdout: false, Stderr: false } => (null, 400, "you must specify at least 1 of stdin, stdout, stderr"),
            { Kind: "exec", Command: [] } => (null, 400, "you must specify at least 1 command for the container"),
            _ => (wish, 200, ""),
        };
    }
}
