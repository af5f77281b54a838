"""Words in names of models: those that honest names differ by, and those that claim to be real.

The lists are short on purpose: what they lack costs a suspicion that a person looks at.
"""

from __future__ import annotations

# Two names that differ by words of this list are two members of a family, or of two known families.
_KNOWN_WORDS = """
base large small tiny mini medium huge giant nano micro little big xs xl xxl xlarge xxlarge
xsmall lite light fast turbo flash pro plus max ultra cased uncased instruct instruction chat
base pretrain pretrained finetuned sft dpo rlhf ppo orpo distill distilled distil pruned sparse
merged quantized gguf ggml gptq awq exl exl2 mlx onnx int4 int8 fp4 fp8 fp16 bf16 bnb nf4 lora
qlora adapter peft ft code coder math vision audio video text image speech reasoning think
thinking reward embed embedding embeddings rerank reranker retriever encoder decoder generator
discriminator classifier en de fr es it pt nl pl ru zh ja ko ar hi multilingual english german
french spanish italian chinese japanese korean arabic query question questions answer context
passage document doc ctx qa qg nli sts cnn dnn rnn gan vae moe mlm clm nsp bert bart bort berta
beto deberta roberta camembert albert distilbert electra ernie mbert mbart gpt opt bloom bloomz
falcon mistral mixtral ministral pixtral magistral llama llava llamba alpaca vicuna qwen qwq
gemma gemini phi palm pythia mamba jamba samba rwkv olmo olmoe ovis orca zephyr dolly dolphin yi
deepseek internlm internvl baichuan aquila chatglm glm cogvlm kimi minicpm smollm smolvlm
tinyllama stablelm granite nemotron hermes nous wizard solar command aya exaone clip siglip blip
glip slip flip align flava dino dinov sam vit deit beit dit pit cait crossvit levit mobilevit
efficientvit swin resnet resnext resnest regnet convnext mobilenet densenet efficientnet darknet
squeezenet detr yolo yolos yolox segformer maskformer whisper wav2vec wavlm hubert unispeech
bark vits seamless encodec musicgen sd sdxl flux kandinsky stable diffusion controlnet e5 bge
gte gtr jina nomic minilm mpnet simcse sbert labse laser luke mluke xlm xlnet flaubert
longformer bigbird reformer pegasus marian t5 mt5 byt5 ul2 flan squad glue mnli qnli sst imdb
mnist cifar imagenet coco wikitext bookcorpus fineweb dolma
"""
KNOWN_WORDS = frozenset(_KNOWN_WORDS.split())

# Words that add nothing but a claim, or what every model is.
_AFFIXES = """
official officially original orig real genuine authentic verified trusted legit safe secure the
my new latest final release released stable public free full complete fixed model models weights
checkpoint ckpt repo hub hf huggingface download mirror copy clone backup reupload
"""
AFFIXES = frozenset(_AFFIXES.split())

# The same for names of owners. Companies themselves add `ai`, `labs`, `research` or `community`.
_OWNER_AFFIXES = """
official original real genuine verified trusted the hf huggingface hub team org inc llc corp
company models model mirror releases release support admin
"""
OWNER_AFFIXES = frozenset(_OWNER_AFFIXES.split())
