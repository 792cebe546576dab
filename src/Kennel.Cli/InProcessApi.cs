using System.Runtime.CompilerServices;
using Kennel.Client;
using Kennel.Server;

namespace Kennel.Cli;

/// <summary>The API without a network in between: what the controllers and the node of the same process use.</summary>
/// <param name="agent">Names the caller as the owner of the fields that it writes.</param>
sealed class InProcessApi(Pipeline pipeline, User user, string agent) : IApi
{
    public async ValueTask<ApiAnswer> Send(ApiCall call, CancellationToken cancel)
    {
        var request = ApiRequest.To(call.Method, call.Path, user) with { Body = call.Body, ContentType = call.ContentType, UserAgent = agent };
        return await pipeline.Handle(request, cancel) is Answer answer
            ? new ApiAnswer(answer.Status, answer.Body)
            : throw new ApiUnavailableException($"{call.Method} {call.Path} answers with a stream, which only clients outside the process can read");
    }

    public async IAsyncEnumerable<WatchEvent> Watch(string path, [EnumeratorCancellation] CancellationToken cancel)
    {
        var request = ApiRequest.To("GET", $"{path}{(path.Contains('?') ? '&' : '?')}watch=true", user) with { UserAgent = agent };
        var response = await pipeline.Handle(request, cancel);
        if (response is Answer refused)
        {
            yield return new WatchEvent("ERROR", refused.Body);
            yield break;
        }
        await foreach (var batch in ((Watching)response).Batches.WithCancellation(cancel))
            foreach (var frame in batch)
                yield return new WatchEvent(frame.Type, frame.Object);
    }
}
