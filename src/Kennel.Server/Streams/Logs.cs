using Kennel.Server.Http;
using Microsoft.AspNetCore.Http;

namespace Kennel.Server.Streams;

/// <summary>The log of a container, handed on as it comes.</summary>
static class Logs
{
    const int MaxErrorBytes = 64 * 1024;

    public static async Task Carry(HttpContext context, NodeCall call, HttpMessageInvoker http)
    {
        var cancel = context.RequestAborted;
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(call.Node, call.PathAndQuery));
        using var answer = await http.SendAsync(request, cancel);
        await using var stream = await answer.Content.ReadAsStreamAsync(cancel);
        if (!answer.IsSuccessStatusCode)
        {
            await Refuse(context, (int)answer.StatusCode, stream, answer.Content.Headers.ContentType?.MediaType);
            return;
        }
        context.Response.ContentType = "text/plain";
        await context.Response.BodyWriter.FlushAsync(cancel);
        await Copy(stream, context.Response.Body, cancel);
    }

    /// <summary>What a node says when it refuses, in its own words.</summary>
    public static async Task Refuse(HttpContext context, int status, Stream body, string? type)
    {
        var text = new byte[MaxErrorBytes];
        var length = await body.ReadAtLeastAsync(text, text.Length, throwOnEndOfStream: false, context.RequestAborted);
        if (type == "application/json")
        {
            await Respond.Send(context, new Answer(status, text.AsMemory(0, length)));
            return;
        }
        var message = System.Text.Encoding.UTF8.GetString(text.AsSpan(0, length)).Trim();
        var reason = status switch { 400 => "BadRequest", 404 => "NotFound", 403 => "Forbidden", _ => "InternalError" };
        await Respond.Send(context, Answer.Of(new Objects.Refusals.Refusal(status, reason, message.Length > 0 ? message : $"the node answered {status}")));
    }

    static async Task Copy(Stream from, Stream to, CancellationToken cancel)
    {
        var buffer = new byte[64 * 1024];
        while (await from.ReadAsync(buffer, cancel) is > 0 and var read)
        {
            await to.WriteAsync(buffer.AsMemory(0, read), cancel);
            await to.FlushAsync(cancel); // who follows a log sees a line when it is written
        }
    }
}
