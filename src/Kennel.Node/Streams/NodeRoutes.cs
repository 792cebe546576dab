using System.Text;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Kennel.Node.Streams;

/// <summary>A request to the node: let in, bounded, and given to the endpoint that its path names.</summary>
internal sealed class NodeRoutes(ClientGate gate, LogEndpoint logs, StreamEndpoint streams, FiguresEndpoint? figures, SemaphoreSlim sessions, CancellationToken closing)
{
    private static readonly object Verdict = new();

    public async Task Handle(HttpContext context)
    {
        var (status, why) = Judge(context);
        if (status != 200)
        {
            await Answer(context, status, why);
            return;
        }
        var path = (context.Request.Path.Value ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (path is ["healthz"])
        {
            await Answer(context, 200, "ok");
            return;
        }
        if (!await sessions.WaitAsync(0, CancellationToken.None))
        {
            await Answer(context, 429, "too many streaming sessions on this node, try again later");
            return;
        }
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, closing);
        try
        {
            await Route(context, path, ending.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // the reader has gone, or we have
        }
        catch (Exception failure) when (failure is IOException or InvalidDataException && !context.Response.HasStarted)
        {
            await Answer(context, 500, failure.Message);
        }
        finally
        {
            sessions.Release();
        }
    }

    public static async Task Answer(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        var body = Encoding.UTF8.GetBytes(text + "\n");
        context.Response.ContentLength = body.Length; // in one piece: who asked for an upgrade reads no chunks
        await context.Response.Body.WriteAsync(body);
    }

    private Task Route(HttpContext context, string[] path, CancellationToken cancel) => path switch
    {
        ["containerLogs", var space, var pod, var container] => logs.Handle(context, space, pod, container, cancel),
        ["exec", var space, var pod, var container] => streams.Handle(context, "exec", space, pod, container, cancel),
        ["attach", var space, var pod, var container] => streams.Handle(context, "attach", space, pod, container, cancel),
        ["portForward", var space, var pod] => streams.Handle(context, "portforward", space, pod, "", cancel),
        ["stats", "summary"] when figures is not null => figures.Handle(context, cancel),
        _ => Answer(context, 404, "404 page not found"),
    };

    /// <summary>Once a connection: certificates don't change within one.</summary>
    private (int Status, string Why) Judge(HttpContext context)
    {
        var items = context.Features.GetRequiredFeature<IConnectionItemsFeature>().Items;
        if (items.TryGetValue(Verdict, out var known))
        {
            return ((int, string))known!;
        }
        var verdict = gate.Judge(context.Connection.ClientCertificate);
        items[Verdict] = verdict;
        return verdict;
    }
}
