using Microsoft.AspNetCore.Http;

namespace Kennel.Node.Streams;

/// <summary>What a node uses, as JSON in the shape of upstream's summary; null when no such node is behind this port.</summary>
public delegate Task<byte[]?> NodeFigures(string node, CancellationToken cancel);

/// <summary><c>/stats/summary?node=NAME</c></summary>
internal sealed class FiguresEndpoint(NodeFigures figures)
{
    public async Task Handle(HttpContext context, CancellationToken cancel)
    {
        var node = context.Request.Query["node"].FirstOrDefault() ?? "";
        if (await figures(node, cancel) is not { } document)
        {
            await NodeRoutes.Answer(context, 404, $"node \"{node}\" is not behind this port");
            return;
        }
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = document.Length;
        await context.Response.Body.WriteAsync(document, cancel);
    }
}
